//! The logical structure of a document while it is laid out: what a screen reader walks through.

/// A node of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(usize);

/// A place in the structure that page content belongs to; its content may lie on several pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafId(pub usize);

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// A group without meaning of its own.
    Div,
    /// A heading of level 1 to 4 with its words.
    Heading(u16, String),
    Paragraph,
    /// A list, numbered or not.
    List(bool),
    /// An item of a list.
    Item,
    /// The bullet or number of an item.
    Label,
    /// The words of an item.
    ItemBody,
    /// A list of headings with their pages.
    Contents,
    /// An entry of it.
    ContentsEntry,
    /// What an entry refers to.
    Reference,
    /// Words that lead somewhere.
    Link,
    Table,
    /// The words above a table.
    Caption,
    /// The head rows of a table.
    TableHead,
    /// The other rows of a table.
    TableBody,
    Row,
    /// A cell that names its column.
    ColumnHead,
    /// A cell that names its row.
    RowHead,
    /// A cell across so many columns that heads the rows below it.
    Across(u32),
    /// Any other cell.
    Data,
    /// A picture with the text that replaces it.
    Figure(String),
    /// Struck-through text.
    Struck,
}

/// What hangs below a node, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    /// Another node.
    Node(NodeId),
    /// Content on pages.
    Leaf(LeafId),
}

#[derive(Debug)]
struct Node {
    role: Role,
    children: Vec<Child>,
}

/// The structure: a root and what hangs below.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    leaves: usize,
}

/// The root, which is the document itself.
pub const ROOT: NodeId = NodeId(0);

impl Tree {
    /// A root with nothing below.
    pub fn new() -> Self {
        Tree { nodes: vec![Node { role: Role::Div, children: Vec::new() }], leaves: 0 }
    }

    /// Adds a node below another.
    pub fn node(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { role, children: Vec::new() });
        self.nodes[parent.0].children.push(Child::Node(id));
        id
    }

    /// Adds a place for content below a node.
    pub fn leaf(&mut self, parent: NodeId) -> LeafId {
        let id = LeafId(self.leaves);
        self.leaves += 1;
        self.nodes[parent.0].children.push(Child::Leaf(id));
        id
    }

    /// Adds a node of a role with one place for content.
    pub fn content(&mut self, parent: NodeId, role: Role) -> (NodeId, LeafId) {
        let node = self.node(parent, role);
        (node, self.leaf(node))
    }

    /// What a node is.
    pub fn role(&self, id: NodeId) -> &Role {
        &self.nodes[id.0].role
    }

    /// What hangs below a node.
    pub fn children(&self, id: NodeId) -> &[Child] {
        &self.nodes[id.0].children
    }

    /// How many places for content there are.
    pub fn leaves(&self) -> usize {
        self.leaves
    }
}
