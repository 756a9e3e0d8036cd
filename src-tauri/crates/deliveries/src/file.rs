//! A value in places of a file.
//!
//! A place may hold the new value, the old one, or nothing; anything else is somebody else's, and nothing is
//! changed. A place that is missing is added, and a file that is missing is made where its folder exists.
//! What was added stays: when the old value is delivered again, the place holds that. Nobody could tell an
//! added place from one that was always there, and a file with the value that works is never wrong.

use std::sync::{Mutex, PoisonError};

use keyturn_model::{
    rotation::{Fault, Value},
    setup::{FileFormat, Part},
};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::{
    formats::{empty, find, put},
    replace::Target,
    template::{Secret, render, same},
};

/// In how many places of a file a value may stand.
pub(crate) const MOST_PARTS: usize = 64;

/// Two credentials may have places in the same file: it is changed by one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A file, and what stands where in it.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) path: String,
    pub(crate) format: FileFormat,
    pub(crate) parts: Vec<Part>,
}

impl Places {
    /// What stands in each place for a value.
    fn said(&self, value: &Value) -> Result<Vec<Secret>, Fault> {
        if self.parts.is_empty() || self.parts.len() > MOST_PARTS {
            return Err(Fault::Refused);
        }
        if self.format == FileFormat::Whole && self.parts.len() != 1 {
            return Err(Fault::Refused);
        }
        self.parts.iter().map(|part| render(&part.text, value)).collect()
    }

    /// The text of a place. A last line break is no part of a text that is the whole file.
    fn meant<'s>(&self, said: &'s str) -> &'s str {
        if self.format != FileFormat::Whole {
            return said;
        }
        let meant = said.strip_suffix('\n').unwrap_or(said);
        meant.strip_suffix('\r').unwrap_or(meant)
    }

    /// Whether every place could be read and written. Changes nothing.
    pub(crate) async fn ready(&self) -> Result<(), Fault> {
        let places = self.clone();
        blocking(move || {
            let target = Target::of(&places.path)?;
            let before = target.read()?.filter(|text| !text.is_empty());
            let mut after = before.unwrap_or_else(|| of(empty(places.format)));
            for part in &places.parts {
                after = put(places.format, &after, &part.key, "x")?;
            }
            target.could_take(after.len())
        })
        .await
    }

    /// Whether every place holds this value.
    pub(crate) async fn holds(&self, value: &Value) -> Result<bool, Fault> {
        let said = self.said(value)?;
        let places = self.clone();
        blocking(move || {
            let text = Target::of(&places.path)?.read()?.filter(|text| !text.is_empty());
            let Some(text) = text else { return Ok(false) };
            for (part, said) in places.parts.iter().zip(&said) {
                let spot = find(places.format, &text, &part.key)?;
                if !spot.is_some_and(|spot| same(&spot.says, places.meant(said))) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    /// Whether nothing stands in any of the places: a delivery makes them, and the file where there is none.
    pub(crate) async fn vacant(&self) -> Result<bool, Fault> {
        let places = self.clone();
        blocking(move || {
            let text = Target::of(&places.path)?.read()?.filter(|text| !text.is_empty());
            let Some(text) = text else { return Ok(true) };
            for part in &places.parts {
                let spot = find(places.format, &text, &part.key)?;
                if spot.is_some_and(|spot| !spot.says.is_empty()) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    /// Puts a value in the place of another.
    pub(crate) async fn deliver(&self, value: &Value, instead_of: &Value) -> Result<(), Fault> {
        let said = self.said(value)?;
        // One that has no such fields lies nowhere.
        let old = self.said(instead_of).unwrap_or_default();
        let places = self.clone();
        blocking(move || {
            let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
            places.put_all(&said, &old)
        })
        .await
    }

    fn put_all(&self, said: &[Secret], old: &[Secret]) -> Result<(), Fault> {
        let target = Target::of(&self.path)?;
        let before = target.read()?;
        // An empty file is as good as none.
        let Some(text) = before.as_ref().filter(|text| !text.is_empty()) else {
            return target.replace(before.as_ref(), &self.made(said)?);
        };
        for (index, part) in self.parts.iter().enumerate() {
            let Some(spot) = find(self.format, text, &part.key)? else { continue };
            let mut known = [said.get(index), old.get(index)].into_iter().flatten();
            let is_known = known.any(|known| same(&spot.says, self.meant(known)));
            if !spot.says.is_empty() && !is_known {
                return Err(Fault::Conflict);
            }
        }
        let mut after = of(text);
        for (part, said) in self.parts.iter().zip(said) {
            after = put(self.format, &after, &part.key, self.meant(said))?;
        }
        // Two places that are one cannot hold two texts.
        for (part, said) in self.parts.iter().zip(said) {
            let spot = find(self.format, &after, &part.key)?;
            if !spot.is_some_and(|spot| same(&spot.says, self.meant(said))) {
                return Err(Fault::Refused);
            }
        }
        if same(text, &after) { target.settle() } else { target.replace(before.as_ref(), &after) }
    }

    /// A file of these places alone.
    fn made(&self, said: &[Secret]) -> Result<Secret, Fault> {
        let mut after = of(empty(self.format));
        for (part, said) in self.parts.iter().zip(said) {
            after = match self.format {
                FileFormat::Whole => of(said),
                format => put(format, &after, &part.key, said)?,
            };
        }
        Ok(after)
    }
}

fn of(text: &str) -> Secret {
    Zeroizing::new(text.to_owned())
}

/// Away from those who wait for networks. If it is dropped meanwhile it goes on to its end.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    spawn_blocking(work).await.unwrap_or(Err(Fault::Unknown))
}
