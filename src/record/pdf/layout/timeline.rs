//! Bars over days: what lasted how long, what happened when.

use super::super::document::{Bar, Lane, Pin, Text, Timeline, Tone};
use super::callout::symbol;
use super::compose::{Area, Composer, Slot};
use super::palette::{HAIR, LABEL, TITLE, Type, WHITE, fill, ink, sheet};
use super::strip::{Strip, bind, height};
use super::{Item, LeafId, Mark, NodeId, Placed, Role};

const LABELS: f32 = 132.0;
const LANE: f32 = 17.0;
const BAR: f32 = 8.0;

/// Positions on the time axis.
struct Axis {
    area: Area,
    from: f32,
    span: f32,
}

impl Axis {
    fn at(&self, time: f32) -> f32 {
        let share = ((time - self.from) / self.span).clamp(0.0, 1.0);
        self.area.x + self.area.width * if share.is_finite() { share } else { 0.0 }
    }
}

impl Composer {
    /// A timeline: one figure, a strip for each lane, together on one page where they fit.
    pub fn timeline(&mut self, timeline: &Timeline, area: Area, parent: NodeId) -> Vec<Strip> {
        let mut strips = self.picture_title(&timeline.title, area, parent);
        let (figure, leaf) = self.tree.content(parent, Role::Figure(timeline.alt.clone()));
        let mut slot = Slot::Node(figure, leaf);
        let span = (timeline.to - timeline.from).max(f32::MIN_POSITIVE);
        let axis = Axis { area: area.inset(LABELS, 8.0), from: timeline.from, span };
        for lane in &timeline.lanes {
            strips.push(self.lane(lane, timeline, &axis, area, leaf, &mut slot));
        }
        let mut scale = Strip::blank(LABEL.leading + 4.0);
        let mut taken = f32::MIN;
        for (time, label) in &timeline.ticks {
            for line in self.setter.set(&Text::from(label), LABEL, 80.0).iter().take(1) {
                let x = axis.at(*time) - line.width / 2.0;
                if x > taken + 4.0 {
                    self.line(&mut scale.items, line, x, 3.0, &mut slot);
                    taken = x + line.width;
                }
            }
        }
        strips.push(scale);
        if height(&strips) <= sheet::ROOM {
            bind(&mut strips);
        }
        strips.push(Strip { before: 10.0, ..Strip::default() });
        strips
    }

    /// The words above a picture.
    pub fn picture_title(&mut self, title: &str, area: Area, parent: NodeId) -> Vec<Strip> {
        if title.is_empty() {
            return Vec::new();
        }
        let mut strips = self.paragraph(&title.into(), TITLE, area, parent, 5.0);
        strips.iter_mut().for_each(|strip| strip.keep = true);
        if let Some(first) = strips.first_mut() {
            first.before = 8.0;
        }
        strips
    }

    fn lane(
        &mut self,
        lane: &Lane,
        timeline: &Timeline,
        axis: &Axis,
        area: Area,
        leaf: LeafId,
        slot: &mut Slot,
    ) -> Strip {
        let lines = self.setter.set(
            &Text::from(&lane.label),
            Type { ink: ink(Tone::Plain), ..LABEL },
            LABELS - 12.0,
        );
        let text = lines.iter().map(|line| line.height).sum::<f32>();
        let mut strip = Strip::blank(LANE.max(text + 4.0));
        let middle = strip.height / 2.0;
        let mut put = |item: Item| strip.items.push(Placed { mark: Mark::Leaf(leaf, None), item });
        put(Item::line((area.x, strip.height), (area.right(), strip.height), 0.4, HAIR));
        for (time, _) in &timeline.ticks {
            put(Item::line((axis.at(*time), 0.0), (axis.at(*time), strip.height), 0.4, HAIR));
        }
        for bar in &lane.bars {
            put(bar_area(bar, axis, middle));
        }
        let mut y = middle - text / 2.0;
        for line in &lines {
            self.line(&mut strip.items, line, area.x, y, slot);
            y += line.height;
        }
        for pin in &lane.pins {
            self.pin(pin, axis, middle, &mut strip, leaf, slot);
        }
        strip
    }

    fn pin(
        &mut self,
        pin: &Pin,
        axis: &Axis,
        middle: f32,
        strip: &mut Strip,
        leaf: LeafId,
        slot: &mut Slot,
    ) {
        let x = axis.at(pin.at);
        let mut put = |radius: f32, ink| {
            let item = Item::Circle { x, y: middle, radius, ring: None, ink };
            strip.items.push(Placed { mark: Mark::Leaf(leaf, None), item });
        };
        put(4.4, WHITE);
        put(3.4, fill(pin.tone));
        if pin.label.is_empty() {
            return;
        }
        let text = match symbol(pin.tone) {
            Some(symbol) => Text::new().symbol(symbol, pin.tone).plain("\u{a0}").plain(&pin.label),
            None => Text::from(&pin.label),
        };
        let kind = Type { ink: ink(pin.tone), ..LABEL };
        for line in self.setter.set(&text, kind, 160.0).iter().take(1) {
            let right = x + 7.0;
            let fits = right + line.width <= axis.area.right() + 8.0;
            let left = if fits { right } else { x - 7.0 - line.width };
            let y = middle - line.height / 2.0;
            let (height, radius) = (line.height - 2.0, 2.0);
            let paper = Item::Area {
                x: left - 2.0,
                y: y + 1.0,
                width: line.width + 4.0,
                height,
                radius,
                ink: WHITE,
            };
            strip.items.push(Placed { mark: Mark::Leaf(leaf, None), item: paper });
            self.line(&mut strip.items, line, left, y, slot);
        }
    }
}

fn bar_area(bar: &Bar, axis: &Axis, middle: f32) -> Item {
    let (left, right) = (axis.at(bar.from.min(bar.to)), axis.at(bar.from.max(bar.to)));
    let width = (right - left).max(2.0);
    Item::Area {
        x: left,
        y: middle - BAR / 2.0,
        width,
        height: BAR,
        radius: 2.0,
        ink: fill(bar.tone),
    }
}
