//! Reads the words out of a PDF of ours as a viewer does that searches in it: by the map from glyphs to letters.

use std::{collections::BTreeMap, io::Read};

/// One page: what is part of the document, and what stands at its edges.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) edges: String,
}

struct Object {
    dictionary: String,
    stream: Vec<u8>,
}

type Objects = BTreeMap<usize, Object>;
type Glyphs = BTreeMap<u16, String>;

pub(crate) fn pages(pdf: &[u8]) -> Vec<Page> {
    let objects = objects(pdf);
    let root = objects.values().find(|it| it.dictionary.contains("/Type/Pages")).expect("pages");
    let kids = root.dictionary.split_once("/Kids[").expect("kids").1;
    let kids = kids.split_once(']').expect("an end").0;
    let numbers = kids.split(" 0 R").filter(|it| !it.trim().is_empty());
    numbers.map(|it| page(&objects, it.trim().parse().expect("a number"))).collect()
}

/// All pages as one text.
pub(crate) fn text(pages: &[Page]) -> String {
    pages.iter().map(|page| page.text.as_str()).collect()
}

fn objects(pdf: &[u8]) -> Objects {
    let mut objects = Objects::new();
    let mut at = 0;
    while let Some(found) = find(&pdf[at..], b" 0 obj\n") {
        let from = at + found;
        let digits = pdf[..from].iter().rev().take_while(|it| it.is_ascii_digit()).count();
        let number = String::from_utf8_lossy(&pdf[from - digits..from]).parse().expect("a number");
        let body = from + b" 0 obj\n".len();
        let ends = body + find(&pdf[body..], b"endobj").expect("an end");
        let streams = find(&pdf[body..ends], b">>\nstream\n").map(|it| body + it + 2);
        let dictionary = String::from_utf8_lossy(&pdf[body..streams.unwrap_or(ends)]).into_owned();
        let mut stream = Vec::new();
        at = ends;
        if let Some(streams) = streams {
            let from = streams + b"\nstream\n".len();
            let to = from + after(&dictionary, "/Length ");
            let raw = &pdf[from..to];
            if dictionary.contains("FlateDecode") {
                flate2::read::ZlibDecoder::new(raw).read_to_end(&mut stream).expect("inflated");
            } else {
                stream = raw.to_vec();
            }
            at = to;
        }
        objects.insert(number, Object { dictionary, stream });
    }
    objects
}

fn page(objects: &Objects, number: usize) -> Page {
    let page = &objects[&number].dictionary;
    let resources = &objects[&after(page, "/Resources ")].dictionary;
    let font = |name: &str| -> Glyphs {
        let font = &objects[&after(resources, &format!("/{name} "))].dictionary;
        glyphs(&objects[&after(font, "/ToUnicode ")].stream)
    };
    let content = &objects[&after(page, "/Contents ")].stream;
    let mut read = Page::default();
    let (mut fonts, mut name) = (BTreeMap::<String, Glyphs>::new(), String::new());
    let mut at_edge = false;
    let mut at = 0;
    while let Some(letter) = content.get(at) {
        if *letter == b'(' {
            let (bytes, after) = literal(content, at + 1);
            let units = bytes.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]]));
            let glyphs = fonts.entry(name.clone()).or_insert_with(|| font(&name));
            let place = if at_edge { &mut read.edges } else { &mut read.text };
            place.extend(units.map(|it| glyphs.get(&it).expect("letters of the glyph").as_str()));
            at = after;
            continue;
        }
        let end = content[at..]
            .iter()
            .position(|it| it.is_ascii_whitespace() || *it == b'(')
            .map_or(content.len(), |it| at + it);
        let word = &content[at..end];
        if word.starts_with(b"EMC") {
            read.text.push('\n');
            read.edges.push('\n');
        }
        if find(word, b"/Artifact").or(find(word, b"/Span")).is_some() {
            at_edge = find(word, b"/Artifact").is_some();
        } else if let Some(found) = find(word, b"/f") {
            name = String::from_utf8_lossy(&word[found + 1..]).into_owned();
        }
        at = end.max(at + 1);
    }
    read
}

/// A text in parentheses, and where it ends.
fn literal(content: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut bytes, mut at, mut deep) = (Vec::new(), from, 0);
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                let octal = content[at..].iter().take(3).take_while(|it| (b'0'..b'8').contains(it));
                let digits: String = octal.map(|it| char::from(*it)).collect();
                bytes.push(match content[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'0'..=b'7' => {
                        at += digits.len() - 1;
                        u8::from_str_radix(&digits, 8).expect("a byte")
                    }
                    other => other,
                });
            }
            b')' if deep == 0 => return (bytes, at + 1),
            letter => {
                deep += i32::from(letter == b'(') - i32::from(letter == b')');
                bytes.push(letter);
            }
        }
        at += 1;
    }
}

fn glyphs(map: &[u8]) -> Glyphs {
    let map = String::from_utf8_lossy(map);
    let pairs = map.lines().filter_map(|line| {
        let (glyph, letters) = line.strip_prefix('<')?.split_once("> <")?;
        let letters = letters.strip_suffix('>').filter(|it| !it.contains('<'))?;
        let unit = |at: usize| u16::from_str_radix(letters.get(at..at + 4)?, 16).ok();
        let units: Option<Vec<u16>> = (0..letters.len()).step_by(4).map(unit).collect();
        Some((u16::from_str_radix(glyph, 16).ok()?, String::from_utf16(&units?).ok()?))
    });
    pairs.collect()
}

/// The number that follows.
fn after(text: &str, name: &str) -> usize {
    let rest = text.split_once(name).unwrap_or_else(|| panic!("no {name} in {text}")).1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|it| it == what)
}
