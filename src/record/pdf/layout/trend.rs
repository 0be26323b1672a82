//! A measured value over time, with the band of what is accepted.

use super::super::document::{Point, Text, Tone, Trend};
use super::compose::{Area, Composer, Slot};
use super::palette::{HAIR, LABEL, fill, ink, tint};
use super::strip::{Strip, bind};
use super::{Item, Mark, NodeId, Placed, Role};

const HEIGHT: f32 = 92.0;
const LABELS: f32 = 40.0;

/// Maps measurements to places.
struct Scale {
    plot: Area,
    from: f32,
    to: f32,
    low: f32,
    high: f32,
}

impl Scale {
    fn of(trend: &Trend, plot: Area) -> Self {
        let finite =
            trend.points.iter().filter(|point| point.at.is_finite() && point.value.is_finite());
        let mut scale = Scale { plot, from: f32::MAX, to: f32::MIN, low: f32::MAX, high: f32::MIN };
        for point in finite {
            scale.from = scale.from.min(point.at);
            scale.to = scale.to.max(point.at);
            scale.low = scale.low.min(point.value);
            scale.high = scale.high.max(point.value);
        }
        let others = trend.bounds.iter().map(|bound| bound.value);
        for limit in [trend.low, trend.high].into_iter().flatten().chain(others) {
            scale.low = scale.low.min(limit);
            scale.high = scale.high.max(limit);
        }
        let margin = ((scale.high - scale.low) * 0.12).max(f32::MIN_POSITIVE);
        scale.low -= margin;
        scale.high += margin;
        scale
    }

    fn x(&self, at: f32) -> f32 {
        self.plot.x + self.plot.width * share(at, self.from, self.to)
    }

    fn y(&self, value: f32) -> f32 {
        HEIGHT * (1.0 - share(value, self.low, self.high))
    }
}

/// The dashes of a line across the plot.
fn dashes(plot: Area, y: f32) -> impl Iterator<Item = (f32, f32)> {
    const STEP: f32 = 6.0;
    let count = if y.is_finite() { (plot.width / STEP) as u16 } else { 0 };
    (0..count).map(move |no| {
        let from = plot.x + f32::from(no) * STEP;
        (from, from + STEP * 0.6)
    })
}

fn share(value: f32, low: f32, high: f32) -> f32 {
    let share = (value - low) / (high - low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}

impl Composer {
    /// A trend as one figure that no page break divides.
    pub fn trend(&mut self, trend: &Trend, area: Area, parent: NodeId) -> Vec<Strip> {
        let mut strips = self.picture_title(&trend.title, area, parent);
        let (figure, leaf) = self.tree.content(parent, Role::Figure(trend.alt.clone()));
        let plot = area.inset(LABELS, 8.0);
        let scale = Scale::of(trend, plot);
        let mut strip = Strip::blank(HEIGHT + LABEL.leading + 6.0);
        let mut put = |item: Item| strip.items.push(Placed { mark: Mark::Leaf(leaf, None), item });
        if trend.low.is_some() || trend.high.is_some() {
            let top = trend.high.map_or(0.0, |high| scale.y(high));
            let bottom = trend.low.map_or(HEIGHT, |low| scale.y(low));
            put(Item::area(plot.x, top, plot.width, (bottom - top).max(0.5), tint(Tone::Ok)));
        }
        for limit in [trend.low, trend.high].into_iter().flatten() {
            put(Item::line(
                (plot.x, scale.y(limit)),
                (plot.right(), scale.y(limit)),
                0.6,
                fill(Tone::Ok),
            ));
        }
        for bound in &trend.bounds {
            let y = scale.y(bound.value);
            dashes(plot, y).for_each(|(from, to)| {
                put(Item::line((from, y), (to, y), 0.6, fill(bound.tone)));
            });
        }
        put(Item::line((plot.x, HEIGHT), (plot.right(), HEIGHT), 0.6, HAIR));
        let place = |point: &Point| (scale.x(point.at), scale.y(point.value));
        let counting = trend.points.iter().filter(|point| !point.replaced);
        let places: Vec<(f32, f32)> = counting.map(place).collect();
        if places.len() > 1 {
            put(Item::Stroke { points: places, width: 1.1, ink: fill(Tone::Accent) });
        }
        for point in &trend.points {
            let (x, y) = place(point);
            // A judged point has another shape, not only another colour; a replaced one is crossed out.
            match point.tone {
                _ if point.replaced => {
                    for (rise, fall) in [(-3.0, 3.0), (3.0, -3.0)] {
                        let ends = ((x - 3.0, y + rise), (x + 3.0, y + fall));
                        put(Item::line(ends.0, ends.1, 1.0, ink(Tone::Muted)));
                    }
                }
                Tone::Alert | Tone::Fail => {
                    let points = vec![(x, y - 4.2), (x + 4.2, y), (x, y + 4.2), (x - 4.2, y)];
                    put(Item::Polygon { points, ink: fill(point.tone) });
                }
                _ => put(Item::Circle { x, y, radius: 1.9, ring: None, ink: fill(Tone::Accent) }),
            }
        }
        self.trend_labels(trend, &scale, area, &mut strip, Slot::Node(figure, leaf));
        strips.push(strip);
        bind(&mut strips);
        strips.push(Strip { before: 10.0, ..Strip::default() });
        strips
    }

    /// Several trends, two side by side.
    pub fn trends(&mut self, trends: &[Trend], area: Area, parent: NodeId) -> Vec<Strip> {
        const GAP: f32 = 14.0;
        let half = (area.width - GAP) / 2.0;
        let mut strips = Vec::new();
        for pair in trends.chunks(2) {
            let mut row: Vec<Strip> = Vec::new();
            for (place, trend) in pair.iter().enumerate() {
                let room = Area { x: area.x + place as f32 * (half + GAP), width: half };
                let mut next = self.trend(trend, room, parent);
                // Titles of different heights: both pictures stand on the same line.
                let more = next.len().saturating_sub(row.len());
                if place > 0 && next.len() < row.len() {
                    let missing = row.len() - next.len();
                    next.splice(0..0, std::iter::repeat_with(Strip::default).take(missing));
                } else if place > 0 && more > 0 {
                    row.splice(0..0, std::iter::repeat_with(Strip::default).take(more));
                }
                if place == 0 {
                    row = next;
                } else {
                    for (left, right) in row.iter_mut().zip(next) {
                        left.before = left.before.max(right.before);
                        left.height = left.height.max(right.height);
                        left.keep |= right.keep;
                        left.items.extend(right.items);
                    }
                }
            }
            strips.append(&mut row);
        }
        strips
    }

    fn trend_labels(
        &mut self,
        trend: &Trend,
        scale: &Scale,
        area: Area,
        strip: &mut Strip,
        mut slot: Slot,
    ) {
        let band = [trend.low, trend.high].into_iter().flatten();
        let others = trend.bounds.iter().map(|bound| (bound.value, bound.tone));
        let mut written: Vec<f32> = Vec::new();
        for (limit, tone) in band.map(|limit| (limit, Tone::Ok)).chain(others) {
            let y = scale.y(limit) - LABEL.leading / 2.0;
            // Where two limits lie together, the band's number stands.
            if written.iter().any(|other| (other - y).abs() < LABEL.leading - 2.0) {
                continue;
            }
            written.push(y);
            let kind = super::palette::Type { ink: ink(tone), ..LABEL };
            let words = Text::from(limit.to_string());
            for line in self.setter.set(&words, kind, LABELS - 6.0).iter().take(1) {
                let x = area.x + LABELS - 6.0 - line.width;
                self.line(&mut strip.items, line, x, y, &mut slot);
            }
        }
        for (at, label) in &trend.ticks {
            for line in self.setter.set(&Text::from(label), LABEL, 80.0).iter().take(1) {
                let x = (scale.x(*at) - line.width / 2.0).min(area.right() - line.width);
                self.line(&mut strip.items, line, x, HEIGHT + 4.0, &mut slot);
            }
        }
    }
}
