//! Walks through the document element by element: no recursion, no entities of its own, bounded depth.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};
use zeroize::Zeroizing;

use crate::{ReadError, error::Place};

/// An element that is open.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Its text is masked.
    pub(super) protected: bool,
    /// Its text is packed.
    pub(super) compressed: bool,
    /// The attachment that it means or is.
    pub(super) number: Option<String>,
}

/// What is told about each element.
pub(super) trait Visitor {
    /// The last of `path` begins.
    fn open(&mut self, path: &[Element]) -> Result<(), ReadError>;
    /// The last of `path` ends; `text` stood in it after its last child.
    fn close(&mut self, path: &[Element], text: Zeroizing<String>) -> Result<(), ReadError>;
}

pub(super) fn walk(xml: &str, deepest: usize, visitor: &mut impl Visitor) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<Element> = Vec::new();
    let mut text = Zeroizing::new(String::new());
    loop {
        let at = reader.buffer_position();
        let damaged = || ReadError::Damaged { at: Place::Byte(at) };
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(start) => {
                path.push(element(&start).ok_or_else(damaged)?);
                if path.len() > deepest {
                    return Err(ReadError::TooDeep { most: deepest });
                }
                text.clear();
                visitor.open(&path)?;
            }
            Event::Empty(start) => {
                path.push(element(&start).ok_or_else(damaged)?);
                visitor.open(&path)?;
                visitor.close(&path, Zeroizing::default())?;
                path.pop();
                text.clear();
            }
            Event::End(_) => {
                visitor.close(&path, std::mem::take(&mut text))?;
                path.pop().ok_or_else(damaged)?;
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|_| damaged())? {
                Some(c) => text.push(c),
                None => {
                    text.push_str(
                        resolve_predefined_entity(&name.into_inner()).ok_or_else(damaged)?,
                    );
                }
            },
            Event::Eof if path.is_empty() => return Ok(()),
            Event::Eof => return Err(damaged()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let mut element =
        Element { name: AsRef::<str>::as_ref(&start.name()).to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value: &str = attribute.value.as_ref();
        match AsRef::<str>::as_ref(&attribute.key) {
            "Protected" => element.protected = value.eq_ignore_ascii_case("true"),
            "Compressed" => element.compressed = value.eq_ignore_ascii_case("true"),
            "Ref" | "ID" => element.number = Some(value.to_owned()),
            _ => {}
        }
    }
    Some(element)
}
