//! Where all readers put what they find: it counts, tells how far it is, and leaves out what is too long.

use crate::{
    ReadError,
    limits::Limits,
    record::{Batch, Content, Field, Loss, Record, Why},
};

/// How far reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// Entries so far; rounds while a key is derived.
    pub done: u64,
    /// Of how many, when that is known.
    pub of: Option<u64>,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A key is derived from the password.
    Unlocking,
    /// Entries are read.
    Reading,
}

pub(crate) struct Intake<'a> {
    pub(crate) limits: Limits,
    go_on: &'a dyn Fn(Progress) -> bool,
    of: Option<u64>,
    batch: Batch,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(limits: Limits, go_on: &'a dyn Fn(Progress) -> bool) -> Self {
        Self { limits, go_on, of: None, batch: Batch::default() }
    }

    pub(crate) fn expect(&mut self, entries: usize) -> Result<(), ReadError> {
        if entries > self.limits.entries {
            return Err(ReadError::TooMany { most: self.limits.entries });
        }
        self.of = Some(entries as u64);
        Ok(())
    }

    pub(crate) fn origin(&mut self, origin: impl Into<String>) {
        self.batch.origin = origin.into();
    }

    /// Tells how far the key is, and learns whether to go on.
    pub(crate) fn unlocking(&self, done: u64, of: Option<u64>) -> Result<(), ReadError> {
        self.tell(Progress { step: Step::Unlocking, done, of })
    }

    fn tell(&self, progress: Progress) -> Result<(), ReadError> {
        if (self.go_on)(progress) { Ok(()) } else { Err(ReadError::Cancelled) }
    }

    pub(crate) fn lose(&mut self, field: impl Into<String>, why: Why) {
        // A hostile file could make it endless; one more, so that it is known to be too many.
        if self.batch.lost.len() <= self.limits.entries {
            self.batch.lost.push(Loss::new(field, why));
        }
    }

    pub(crate) fn add(&mut self, mut record: Record) -> Result<(), ReadError> {
        let done = self.batch.records.len();
        if done >= self.limits.entries {
            return Err(ReadError::TooMany { most: self.limits.entries });
        }
        if done.is_multiple_of(128) {
            self.tell(Progress { step: Step::Reading, done: done as u64, of: self.of })?;
        }
        if record.group.len() > self.limits.nesting {
            return Err(ReadError::TooDeep { most: self.limits.nesting });
        }
        let most = self.limits.parts;
        let parts = [record.history.len(), record.attachments.len()];
        if parts.into_iter().any(|n| n > most) {
            return Err(ReadError::TooMany { most });
        }
        let mut lost = self.fit(&mut record.content)?;
        for older in &mut record.history {
            let cut = self.fit(&mut older.content)?;
            lost.extend(cut.into_iter().map(|l| Loss::new(format!("history: {}", l.field), l.why)));
        }
        record.lost.append(&mut lost);
        crate::guess::complete(&mut record);
        self.batch.records.push(record);
        Ok(())
    }

    /// Leaves out what is longer than an entry may hold: half a key would be worse than none.
    fn fit(&self, content: &mut Content) -> Result<Vec<Loss>, ReadError> {
        let Limits { value, notes, parts, .. } = self.limits;
        if content.fields.len() > parts || content.tags.len() > parts {
            return Err(ReadError::TooMany { most: parts });
        }
        let mut lost = Vec::new();
        let mut keep = |field: &Field| {
            let fits = field.text.expose().len() <= value;
            if !fits {
                lost.push(Loss::new(field.name.clone(), Why::TooLong));
            }
            fits
        };
        content.fields.retain(&mut keep);
        // Only its length is asked for.
        if content
            .notes
            .take_if(|text| secrecy::ExposeSecret::expose_secret(text).len() > notes)
            .is_some()
        {
            lost.push(Loss::new("notes", Why::TooLong));
        }
        for (name, text) in [("user", &mut content.user), ("address", &mut content.address)] {
            if text.take_if(|text| text.len() > value).is_some() {
                lost.push(Loss::new(name, Why::TooLong));
            }
        }
        if content.name.len() > value {
            lost.push(Loss::new("name", Why::TooLong));
            content.name.clear();
        }
        Ok(lost)
    }

    pub(crate) fn finish(self) -> Result<Batch, ReadError> {
        let most = self.limits.entries;
        match self.batch {
            batch if batch.records.is_empty() => Err(ReadError::Empty),
            batch if batch.lost.len() > most => Err(ReadError::TooMany { most }),
            batch => Ok(batch),
        }
    }
}
