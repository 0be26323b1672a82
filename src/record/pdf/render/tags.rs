//! The logical structure as PDF tags.

use std::num::{NonZeroU16, NonZeroU32};

use krilla::geom::Rect;
use krilla::tagging::{
    BBox, Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
    TextDecorationType,
};

use super::super::layout::{Child, LeafId, NodeId, ROOT, Role, Tree};

/// What was drawn for each leaf.
pub struct Leaves {
    drawn: Vec<Drawn>,
}

#[derive(Default, Clone)]
struct Drawn {
    sections: Vec<Identifier>,
    /// Page and bounds (left, top, right, bottom); absent when the content lies on several pages.
    bounds: Option<(usize, [f32; 4])>,
    divided: bool,
}

impl Leaves {
    /// Nothing drawn yet.
    pub fn new(count: usize) -> Self {
        Leaves { drawn: vec![Drawn::default(); count] }
    }

    /// Notes a section of marked content.
    pub fn section(&mut self, leaf: LeafId, section: Identifier) {
        self.drawn[leaf.0].sections.push(section);
    }

    /// Notes that something of a leaf lies within bounds on a page.
    pub fn bounds(&mut self, leaf: LeafId, page: usize, [left, top, right, bottom]: [f32; 4]) {
        let drawn = &mut self.drawn[leaf.0];
        match &mut drawn.bounds {
            Some((on, known)) if *on == page => {
                *known = [
                    known[0].min(left),
                    known[1].min(top),
                    known[2].max(right),
                    known[3].max(bottom),
                ];
            }
            Some(_) => drawn.divided = true,
            empty => *empty = Some((page, [left, top, right, bottom])),
        }
    }

    fn of(&self, leaf: LeafId) -> &Drawn {
        &self.drawn[leaf.0]
    }
}

/// The tag tree of a document.
pub fn tree(tree: &Tree, leaves: &Leaves, language: &str) -> TagTree {
    let mut root = TagTree::new().with_lang(Some(language.to_owned()));
    root.children = children(tree, ROOT, leaves);
    root
}

fn children(tree: &Tree, node: NodeId, leaves: &Leaves) -> Vec<Node> {
    let mut nodes = Vec::new();
    for child in tree.children(node) {
        match child {
            Child::Node(child) => {
                let inner = children(tree, *child, leaves);
                nodes.push(TagGroup::with_children(kind(tree, *child, leaves), inner).into());
            }
            Child::Leaf(leaf) => {
                nodes.extend(leaves.of(*leaf).sections.iter().map(|section| Node::from(*section)))
            }
        }
    }
    nodes
}

fn kind(tree: &Tree, node: NodeId, leaves: &Leaves) -> TagKind {
    match tree.role(node) {
        Role::Div => Tag::Div.into(),
        Role::Heading(level, words) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(words.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List(true) => Tag::L(ListNumbering::Decimal).into(),
        Role::List(false) => Tag::L(ListNumbering::Disc).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::ItemBody => Tag::LBody.into(),
        Role::Contents => Tag::TOC.into(),
        Role::ContentsEntry => Tag::TOCI.into(),
        Role::Reference => Tag::Reference.into(),
        Role::Link => Tag::Link.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Across(columns) => {
            Tag::TH(TableHeaderScope::Row).with_col_span(NonZeroU32::new(*columns)).into()
        }
        Role::Data => Tag::TD.into(),
        Role::Figure(alt) => {
            let alt = if alt.trim().is_empty() { "Picture".to_owned() } else { alt.clone() };
            Tag::Figure(Some(alt)).with_bbox(bounds(tree, node, leaves)).into()
        }
        Role::Struck => {
            Tag::Span.with_text_decoration_type(Some(TextDecorationType::LineThrough)).into()
        }
    }
}

fn bounds(tree: &Tree, node: NodeId, leaves: &Leaves) -> Option<BBox> {
    let leaf = tree.children(node).iter().find_map(|child| match child {
        Child::Leaf(leaf) => Some(*leaf),
        Child::Node(_) => None,
    })?;
    let drawn = leaves.of(leaf);
    let (page, [left, top, right, bottom]) = drawn.bounds.filter(|_| !drawn.divided)?;
    Some(BBox::new(page, Rect::from_ltrb(left, top, right, bottom)?))
}
