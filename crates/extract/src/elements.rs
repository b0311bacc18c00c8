//! XML as a tree, without a parser of its own rules: tolerant, bounded, namespaces by local name. And paths through it:
//! `rfc-index/rfc-entry`, `author/name`, `link[@rel="alternate"]@href`.

use crate::strip::html_to_text;

/// Elements of a document.
const NODES: usize = 3_000_000;
/// Elements within elements.
const DEPTH: usize = 200;
/// Bytes of a name or a list of attributes that are looked at.
const TAG: usize = 64 << 10;

/// A document.
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

struct Node {
    name: String,
    attrs: Vec<(String, String)>,
    kids: Vec<Kid>,
}

enum Kid {
    Text(String),
    Node(usize),
}

/// The root of a [`Tree`].
pub(crate) const ROOT: usize = 0;

impl Tree {
    /// Reads a document. Its first node holds the root element.
    pub(crate) fn parse(xml: &str) -> Result<Tree, String> {
        let mut nodes = vec![Node { name: String::new(), attrs: Vec::new(), kids: Vec::new() }];
        let mut stack = vec![ROOT];
        let mut at = 0;
        let top = |stack: &[usize]| stack.last().copied().unwrap_or(ROOT);
        while let Some(open) = xml[at..].find('<').map(|n| at + n) {
            push_text(&mut nodes, top(&stack), &xml[at..open], true);
            let rest = &xml[open..];
            if let Some(inner) = rest.strip_prefix("<![CDATA[") {
                let end = inner.find("]]>").unwrap_or(inner.len());
                push_text(&mut nodes, top(&stack), &inner[..end], false);
                at = (open + 9 + end + 3).min(xml.len());
                continue;
            }
            let skip = |end: &str| rest.find(end).map_or(xml.len(), |n| open + n + end.len());
            if rest.starts_with("<!--") {
                at = skip("-->");
                continue;
            }
            if rest.starts_with("<?") {
                at = skip("?>");
                continue;
            }
            if rest.starts_with("<!") {
                // Entities that a document declares for itself are never expanded.
                let plain = rest.find('>').unwrap_or(rest.len());
                at = if rest[..plain].contains('[') { skip("]>") } else { skip(">") };
                continue;
            }
            let Some(len) = tag_end(rest) else {
                return Err(format!("a tag is never closed, from byte {open} on"));
            };
            at = open + len;
            let inner = &rest[1..len - 1];
            if let Some(name) = inner.strip_prefix('/') {
                let name = local(name.trim());
                if let Some(n) = stack.iter().rposition(|i| nodes[*i].name == name).filter(|n| *n > 0) {
                    stack.truncate(n);
                }
                continue;
            }
            let (alone, inner) = match inner.strip_suffix('/') {
                Some(i) => (true, i),
                None => (false, inner),
            };
            let cut = inner.find(char::is_whitespace).unwrap_or(inner.len());
            let name = local(&inner[..cut]);
            if name.is_empty() || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                push_text(&mut nodes, top(&stack), &rest[..len], true);
                continue;
            }
            if nodes.len() >= NODES {
                return Err(format!("the document holds more than {NODES} elements"));
            }
            let node = nodes.len();
            nodes.push(Node { name: name.to_owned(), attrs: attributes(&inner[cut..]), kids: Vec::new() });
            nodes[top(&stack)].kids.push(Kid::Node(node));
            if !alone {
                stack.push(node);
                if stack.len() > DEPTH {
                    return Err(format!("elements stand more than {DEPTH} deep in each other"));
                }
            }
        }
        Ok(Tree { nodes })
    }

    /// The name of the root element.
    pub(crate) fn root_name(&self) -> Option<&str> {
        self.children(ROOT).next().map(|n| self.nodes[n].name.as_str())
    }

    /// The name of a node, without its prefix.
    pub(crate) fn name(&self, node: usize) -> &str {
        &self.nodes[node].name
    }

    /// The attributes of a node.
    pub(crate) fn attributes(&self, node: usize) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.nodes[node].attrs.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// The elements that stand directly in a node.
    pub(crate) fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        self.nodes[node].kids.iter().filter_map(|k| if let Kid::Node(n) = k { Some(*n) } else { None })
    }

    /// Everything below a node, in the order of the document.
    fn below(&self, node: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut open: Vec<usize> = self.children(node).collect();
        open.reverse();
        while let Some(n) = open.pop() {
            out.push(n);
            let from = open.len();
            open.extend(self.children(n));
            open[from..].reverse();
        }
        out
    }

    /// The nodes that a path leads to: for each name the children of that name, or else everything below of that name.
    pub(crate) fn find(&self, from: usize, path: &ElementPath) -> Vec<usize> {
        let mut now = vec![from];
        for step in &path.steps {
            let fits = |n: &usize| step.fits(&self.nodes[*n]);
            let mut then: Vec<usize> = now.iter().flat_map(|n| self.children(*n)).filter(fits).collect();
            if then.is_empty() {
                then = now.iter().flat_map(|n| self.below(*n)).filter(fits).collect();
            }
            // Elements of one name within each other are met once.
            then.sort_unstable();
            then.dedup();
            now = then;
        }
        now
    }

    /// The texts that a path leads to.
    pub(crate) fn texts(&self, from: usize, path: &ElementPath) -> Vec<String> {
        let nodes = self.find(from, path);
        match &path.attr {
            Some(attr) => nodes.into_iter().filter_map(|n| self.attr(n, attr).map(str::to_owned)).collect(),
            None => nodes.into_iter().map(|n| self.text(n)).filter(|t| !t.trim().is_empty()).collect(),
        }
    }

    /// An attribute of a node.
    pub(crate) fn attribute(&self, node: usize, name: &str) -> Option<&str> {
        self.attr(node, name)
    }

    /// The children of a node that a path of one name means.
    pub(crate) fn own(&self, node: usize, path: &ElementPath) -> Vec<usize> {
        let Some(step) = path.steps.first() else { return Vec::new() };
        self.children(node).filter(|n| step.fits(&self.nodes[*n])).collect()
    }

    fn attr(&self, node: usize, name: &str) -> Option<&str> {
        self.nodes[node].attrs.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// The text of a node and of all below it.
    fn text(&self, node: usize) -> String {
        let mut out = String::new();
        let mut open = vec![(node, 0)];
        while let Some((n, i)) = open.pop() {
            match self.nodes[n].kids.get(i) {
                None => {}
                Some(kid) => {
                    open.push((n, i + 1));
                    match kid {
                        Kid::Text(t) => out.push_str(t),
                        Kid::Node(k) => {
                            // Words of two elements never touch.
                            out.push('\n');
                            open.push((*k, 0));
                        }
                    }
                }
            }
        }
        out
    }
}

fn push_text(nodes: &mut [Node], at: usize, text: &str, coded: bool) {
    if text.is_empty() {
        return;
    }
    let text = if coded { decode(text) } else { text.to_owned() };
    nodes[at].kids.push(Kid::Text(text));
}

/// Character references; what a document declares of its own stays as it is written.
fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let Some(end) = end else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let name = &rest[1..end];
        let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => n.parse().ok(),
        });
        match (name, number.and_then(char::from_u32)) {
            ("amp", _) => out.push('&'),
            ("lt", _) => out.push('<'),
            ("gt", _) => out.push('>'),
            ("quot", _) => out.push('"'),
            ("apos", _) => out.push('\''),
            (_, Some(c)) => out.push(c),
            // Names of HTML stand in XML without being declared, too.
            _ => out.push_str(&html_to_text(&rest[..=end])),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Behind the `>` that ends the tag; quotes may hold one.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in rest.bytes().enumerate().take(TAG) {
        match (quote, b) {
            (Some(q), b) if b == q => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return Some(i + 1),
            _ => {}
        }
    }
    None
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(eq) = rest.find('=') {
        let name = local(rest[..eq].trim());
        let value = rest[eq + 1..].trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some(end) = value[1..].find(quote) else { break };
        out.push((name.to_owned(), decode(&value[1..=end])));
        rest = value[end + 2..].trim_start();
    }
    out
}

/// Names that lead from an element to others, and perhaps to an attribute of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ElementPath {
    steps: Vec<Step>,
    attr: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    /// `*` is any.
    name: String,
    /// It has this attribute, of this value.
    with: Option<(String, String)>,
}

impl Step {
    fn fits(&self, node: &Node) -> bool {
        (self.name == "*" || self.name == node.name)
            && self.with.as_ref().is_none_or(|(k, v)| node.attrs.iter().any(|(name, value)| name == k && value == v))
    }
}

impl ElementPath {
    /// Reads `a/b`, `a.b@attr`, `ns:a[@type="x"]/b`, `@attr`, `.`.
    pub(crate) fn parse(text: &str) -> Result<ElementPath, String> {
        let mut steps = Vec::new();
        let mut attr = None;
        let mut rest = text.trim().trim_start_matches('/');
        if rest == "." {
            return Ok(ElementPath::default());
        }
        if rest.is_empty() {
            return Err("the name of an element is expected".to_owned());
        }
        loop {
            rest = rest.trim_start();
            if let Some(name) = rest.strip_prefix('@') {
                let name = local(name.trim());
                if name.is_empty() || name.contains(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
                    return Err("after “@” the name of an attribute is expected".to_owned());
                }
                attr = Some(name.to_owned());
                break;
            }
            let end = rest.find(|c: char| matches!(c, '/' | '.' | '>' | '@' | '[') || c.is_whitespace()).unwrap_or(rest.len());
            let name = local(&rest[..end]);
            if name.is_empty() {
                return Err("the name of an element is missing".to_owned());
            }
            rest = &rest[end..];
            let mut with = None;
            if let Some(inner) = rest.strip_prefix('[') {
                let close = inner.find(']').ok_or("“]” is missing")?;
                let (k, v) = inner[..close].split_once('=').ok_or("write [@name=\"value\"]")?;
                with = Some((local(k.trim().trim_start_matches('@')).to_owned(), crate::grammar::unquote(v)));
                rest = &inner[close + 1..];
            }
            steps.push(Step { name: name.to_owned(), with });
            rest = rest.trim_start();
            rest = rest.strip_prefix(['/', '.', '>']).unwrap_or(rest);
            if rest.is_empty() {
                break;
            }
        }
        Ok(ElementPath { steps, attr })
    }

    /// The path to the parents of what this one leads to; none when it is one name.
    pub(crate) fn parent(&self) -> Option<ElementPath> {
        let (_, parents) = self.steps.split_last().filter(|(_, p)| !p.is_empty())?;
        Some(ElementPath { steps: parents.to_vec(), attr: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str, path: &str) -> Vec<String> {
        let tree = Tree::parse(xml).expect("a tree");
        let path = ElementPath::parse(path).expect("a path");
        tree.texts(ROOT, &path).iter().map(|t| crate::text::collapse(t)).collect()
    }

    #[test]
    fn paths_lead_through_elements_by_local_names() {
        let xml = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "evil">]><r:list xmlns:r="u"><r:row id="1"><t>A &amp; B&#x21;</t>
            <n><first>x</first><last>y</last></n><l rel="self" href="u1"/><l rel="alternate" href="u2"/></r:row><row id="2"><t><![CDATA[<b>]]></t></row></r:list>"#;
        for (path, want) in [
            ("list/row/t", vec!["A & B!", "<b>"]),
            ("r:list.r:row.t", vec!["A & B!", "<b>"]),
            ("row@id", vec!["1", "2"]),
            ("row/l[@rel=\"alternate\"]@href", vec!["u2"]),
            ("row > n", vec!["x y"]),
            ("last", vec!["y"]),
            ("row/*@href", vec!["u1", "u2"]),
            ("nothing", vec![]),
        ] {
            assert_eq!(texts(xml, path), want, "{path}");
        }
    }

    #[test]
    fn hostile_documents_are_bounded() {
        assert!(Tree::parse(&"<a>".repeat(DEPTH + 5)).is_err());
        assert!(Tree::parse("<a><b").is_err());
        assert_eq!(texts("<a>&e;&e;</a>", "a"), ["&e;&e;"]);
        assert_eq!(texts("</z><a>1</b></a></a><c>2</c>", "c"), ["2"]);
        for bad in ["", "@", "a/@b c", "a[b", "a[b]"] {
            assert!(ElementPath::parse(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(xml in "(<|>|/|a|b|é|\"|=|&|;|!|\\[|\\]|-| |\\?){0,60}", path in "([a-c./@\\[\\]=\"é ]){0,12}") {
            if let (Ok(tree), Ok(path)) = (Tree::parse(&xml), ElementPath::parse(&path)) {
                let _ = tree.texts(ROOT, &path);
            }
        }
    }
}
