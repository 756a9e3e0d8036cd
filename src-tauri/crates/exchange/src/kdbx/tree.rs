//! From the document to records: groups, entries, and what each said before.

use std::collections::HashMap;

use keyturn_model::{Kind, Timestamp};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{
    KIND, OWNER,
    moment::moment,
    payload::{Payload, Unmask},
    xml::{Element, Visitor, walk},
};
use crate::{
    ReadError, decode,
    error::Place,
    intake::Intake,
    record::{Attachment, Field, Loss, Older, PASSWORD, Record, TOTP, Text, Why},
};

pub(super) fn read(payload: Payload, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let xml = std::str::from_utf8(&payload.xml)
        .map_err(|e| ReadError::Damaged { at: Place::Byte(e.valid_up_to() as u64) })?;
    intake.origin(format!("KDBX {}", payload.version));
    // An entry and its parts lie a few levels below the innermost group.
    let deepest = intake.limits.nesting + 16;
    let attachments =
        payload.attachments.iter().enumerate().map(|(n, size)| (n.to_string(), *size)).collect();
    let mut tree = Tree { mask: payload.mask, attachments, ..Tree::new(intake) };
    walk(xml, deepest, &mut tree)?;
    let Tree { deleted, known, .. } = tree;
    if !known {
        return Err(ReadError::body());
    }
    if deleted > 0 {
        intake.lose(format!("recycle bin: {deleted}"), Why::Deleted);
    }
    Ok(())
}

#[derive(Default)]
struct Group {
    id: String,
    name: String,
}

/// An entry, or what it was once, while its element is open.
#[derive(Default)]
struct Draft {
    record: Record,
    expiry: Option<Timestamp>,
    expires: bool,
}

struct Tree<'a, 'b> {
    intake: &'a mut Intake<'b>,
    mask: Unmask,
    attachments: HashMap<String, u64>,
    bin: Option<String>,
    groups: Vec<Group>,
    /// The entry, and on top of it the earlier version that is being read.
    drafts: Vec<Draft>,
    key: String,
    value: Option<(Zeroizing<String>, bool)>,
    number: Option<String>,
    deleted: usize,
    known: bool,
}

impl<'a, 'b> Tree<'a, 'b> {
    fn new(intake: &'a mut Intake<'b>) -> Self {
        Self {
            intake,
            mask: Unmask::Plain,
            attachments: HashMap::new(),
            bin: None,
            groups: Vec::new(),
            drafts: Vec::new(),
            key: String::new(),
            value: None,
            number: None,
            deleted: 0,
            known: false,
        }
    }

    /// Takes off the mask, whether the text is wanted or not: the next one depends on it.
    fn unmasked(
        &mut self,
        element: &Element,
        text: Zeroizing<String>,
    ) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        if !element.protected {
            return Ok(Zeroizing::new(text.as_bytes().to_vec()));
        }
        let mut bytes = decode::base64(&text).ok_or(ReadError::body())?;
        self.mask.take_off(&mut bytes)?;
        Ok(bytes)
    }

    fn lose(&mut self, field: &str, why: Why) {
        if let Some(draft) = self.drafts.last_mut() {
            let loss = Loss::new(field, why);
            if !draft.record.lost.contains(&loss) {
                draft.record.lost.push(loss);
            }
        }
    }

    fn string(&mut self) {
        let outermost = self.drafts.len() == 1;
        let Some((text, protected)) = self.value.take() else { return };
        let Some(draft) = self.drafts.last_mut() else { return };
        if text.starts_with("{REF:") {
            draft.record.lost.push(Loss::new(self.key.clone(), Why::Elsewhere));
        }
        let text = text.as_str();
        let content = &mut draft.record.content;
        let some = || (!text.is_empty()).then(|| text.to_owned());
        match self.key.as_str() {
            "Title" => text.clone_into(&mut content.name),
            "UserName" => content.user = some(),
            "URL" => content.address = some(),
            "Notes" => content.notes = some().map(SecretString::from),
            "Password" if text.is_empty() => {}
            "Password" => {
                content.fields.insert(0, Field { name: PASSWORD.into(), text: Text::secret(text) })
            }
            OWNER if outermost && !protected => draft.record.owner = some(),
            KIND if outermost && !protected && Kind::named(text).is_some() => {
                draft.record.kind = Kind::named(text);
            }
            "otp" => content.secret(TOTP, text),
            key => {
                let text = if protected { Text::secret(text) } else { Text::open(text) };
                content.fields.push(Field { name: key.to_owned(), text });
            }
        }
    }

    fn attachment(&mut self) {
        let size = self.number.take().and_then(|number| self.attachments.get(&number).copied());
        let name = std::mem::take(&mut self.key);
        self.lose(&name, Why::Attachment);
        if let Some(draft) = self.drafts.last_mut() {
            draft.record.attachments.push(Attachment { name, size });
        }
    }

    /// Asked while an entry grows, and not when it is whole: it may be all of a large file.
    fn bounded(&self) -> Result<(), ReadError> {
        let most = self.intake.limits.parts;
        let Some(Draft { record, .. }) = self.drafts.last() else { return Ok(()) };
        let parts = [
            record.content.fields.len(),
            record.history.len(),
            record.attachments.len(),
            record.lost.len(),
        ];
        if parts.into_iter().any(|n| n > most) { Err(ReadError::TooMany { most }) } else { Ok(()) }
    }

    fn entry(&mut self) -> Result<(), ReadError> {
        let Some(mut draft) = self.drafts.pop() else { return Ok(()) };
        draft.record.content.expires = draft.expiry.filter(|_| draft.expires);
        let mut record = draft.record;
        if let Some(now) = self.drafts.last_mut() {
            let now = &mut now.record;
            for loss in
                record.lost.into_iter().map(|l| Loss::new(format!("history: {}", l.field), l.why))
            {
                if !now.lost.contains(&loss) {
                    now.lost.push(loss);
                }
            }
            now.history.push(Older { at: record.changed, content: record.content });
            return Ok(());
        }
        let thrown_away =
            self.bin.as_ref().is_some_and(|bin| self.groups.iter().any(|g| g.id == *bin));
        if thrown_away {
            self.deleted += 1;
            return Ok(());
        }
        // The outermost group is the database itself.
        record.group = self.groups.iter().skip(1).map(|group| group.name.clone()).collect();
        self.intake.add(record)
    }

    fn entry_part(&mut self, name: &str, text: &str) {
        let Some(draft) = self.drafts.last_mut() else { return };
        let filled = !text.trim().is_empty();
        match name {
            "Tags" => {
                let tags = text.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty());
                draft.record.content.tags = tags.map(str::to_owned).collect();
            }
            "IconID" if filled && text.trim() != "0" => self.lose("icon", Why::Icon),
            "CustomIconUUID" if filled => self.lose("icon", Why::Icon),
            "ForegroundColor" | "BackgroundColor" if filled => self.lose("colour", Why::Look),
            "OverrideURL" if filled => self.lose("override URL", Why::ProgramsOwn),
            _ => {}
        }
    }

    fn time(&mut self, name: &str, text: &str) {
        let Some(draft) = self.drafts.last_mut() else { return };
        match name {
            "CreationTime" => draft.record.created = moment(text),
            "LastModificationTime" => draft.record.changed = moment(text),
            "ExpiryTime" => draft.expiry = moment(text),
            "Expires" => draft.expires = text.trim().eq_ignore_ascii_case("true"),
            _ => {}
        }
    }
}

impl Visitor for Tree<'_, '_> {
    fn open(&mut self, path: &[Element]) -> Result<(), ReadError> {
        let [.., element] = path else { return Ok(()) };
        match element.name.as_str() {
            "KeePassFile" if path.len() == 1 => self.known = true,
            "Group" => {
                self.groups.push(Group::default());
                let most = self.intake.limits.nesting;
                if self.groups.len() > most + 1 {
                    return Err(ReadError::TooDeep { most });
                }
            }
            "Entry" if self.drafts.len() < 2 => self.drafts.push(Draft::default()),
            "Entry" => return Err(ReadError::body()),
            "String" | "Binary" | "Item" => {
                self.key.clear();
                self.value = None;
                self.number = None;
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, path: &[Element], text: Zeroizing<String>) -> Result<(), ReadError> {
        let [.., element] = path else { return Ok(()) };
        let above =
            |n: usize| path.len().checked_sub(n + 1).map_or("", |at| path[at].name.as_str());
        let bytes = self.unmasked(element, text)?;
        match (above(1), element.name.as_str()) {
            ("Binaries", "Binary") => {
                let size = binary_size(&bytes, element);
                self.attachments.extend(element.number.clone().zip(size));
                return Ok(());
            }
            ("Binary", "Value") => {
                self.number.clone_from(&element.number);
                return Ok(());
            }
            _ => {}
        }
        let Ok(text) = std::str::from_utf8(&bytes) else {
            let key = self.key.clone();
            self.lose(&key, Why::NotText);
            return Ok(());
        };
        match (above(1), element.name.as_str()) {
            ("Meta", "Generator") => self.intake.origin(text),
            ("Meta", "RecycleBinUUID") => self.bin = Some(text.to_owned()),
            ("Group", "UUID") => {
                if let Some(group) = self.groups.last_mut() {
                    text.clone_into(&mut group.id);
                }
            }
            ("Group", "Name") => {
                if let Some(group) = self.groups.last_mut() {
                    text.clone_into(&mut group.name);
                }
            }
            ("Group", "Notes") if !text.trim().is_empty() => {
                let name = self.groups.last().map(|group| group.name.clone()).unwrap_or_default();
                self.intake.lose(format!("group {name}: notes"), Why::NoPlace);
            }
            ("String" | "Binary" | "Item", "Key") => text.clone_into(&mut self.key),
            ("String", "Value") => {
                self.value = Some((Zeroizing::new(text.to_owned()), element.protected))
            }
            ("Entry", "String") => {
                self.string();
                self.bounded()?;
            }
            ("Entry", "Binary") => {
                self.attachment();
                self.bounded()?;
            }
            ("Times", name) if above(2) == "Entry" => self.time(name, text),
            ("AutoType", "DefaultSequence") | ("Association", "KeystrokeSequence" | "Window")
                if !text.trim().is_empty() =>
            {
                self.lose("auto-type", Why::AutoType);
            }
            // What begins with an underscore is book-keeping.
            ("CustomData", "Item") if !self.key.starts_with('_') => {
                let key = self.key.clone();
                self.lose(&key, Why::ProgramsOwn);
                self.bounded()?;
            }
            ("Entry", name) => self.entry_part(name, text),
            (_, "Entry") => {
                self.entry()?;
                self.bounded()?;
            }
            (_, "Group") => drop(self.groups.pop()),
            _ => {}
        }
        Ok(())
    }
}

/// The bytes of an attachment as version 3 keeps it.
fn binary_size(bytes: &[u8], element: &Element) -> Option<u64> {
    let stored = if element.protected {
        Zeroizing::new(bytes.to_vec())
    } else {
        decode::base64(std::str::from_utf8(bytes).ok()?)?
    };
    if !element.compressed {
        return Some(stored.len() as u64);
    }
    // What gzip writes last is how long it was.
    let last = stored.last_chunk::<4>()?;
    Some(u64::from(u32::from_le_bytes(*last)))
}
