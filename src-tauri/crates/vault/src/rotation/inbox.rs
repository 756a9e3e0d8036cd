//! The inbox: what an issuer has just made lies here before anything else is done with it.
//!
//! It is a file of its own whose room was taken beforehand, and it is sealed to a public key: so it can be
//! written while the vault is locked, its disk full or its database busy. What is not sealed as it should be
//! was never acknowledged; it is passed over and left.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use keyturn_model::{
    Entropy, RunId, Timestamp, VaultId,
    rotation::{Minted, Value},
};
use minicbor::{Decoder, Encoder};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    error::{Result, reading, writing},
    keys::{InboxKey, seal_to},
    vault::Vault,
};

mod anew;

pub(crate) use anew::seal_anew;

/// The room that is taken beforehand.
const ROOM: u64 = 1 << 20;
/// The most of an answer that could not be read.
pub(super) const MOST_UNREADABLE: usize = 256 << 10;
/// The length of an item and whether it was taken out stand before it.
const FRONT: usize = 5;
const FULL: u8 = 1;
const TAKEN: u8 = 2;

/// Something that is to be put in, sealed to the vault.
pub(super) struct Sealed {
    run: RunId,
    bytes: Vec<u8>,
}

/// What lies in it.
pub(super) struct Item {
    pub(super) run: RunId,
    pub(super) mark: String,
    pub(super) key: String,
    /// Nothing: an answer that could not be read.
    pub(super) value: Option<Value>,
    /// That answer.
    pub(super) answer: SecretSlice<u8>,
    /// Where it lies.
    at: u64,
}

/// The way into the inbox. It needs no open vault.
pub(super) struct Inbox {
    path: PathBuf,
    public: Arc<RwLock<[u8; 32]>>,
    vault: VaultId,
    entropy: Arc<dyn Entropy>,
    lies: Mutex<Lies>,
}

/// The file, and whose the pieces in it are as far as that was seen: to open one takes its time.
struct Lies {
    file: File,
    whose: BTreeMap<Name, RunId>,
}

/// Each piece begins with the public half of a key that was made for it alone.
type Name = [u8; 32];

fn name(sealed: &[u8]) -> Option<Name> {
    sealed.first_chunk().copied()
}

/// The inbox, as long as nobody else is at it: not another program, and not a run of an earlier session
/// that brings what it was waiting for.
struct Alone<'a>(MutexGuard<'a, Lies>);

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        // It is given back with the file at the latest.
        let _ = self.0.file.unlock();
    }
}

/// A piece of the file.
struct Lying {
    at: u64,
    state: u8,
    sealed: Vec<u8>,
}

/// Everything that was put into the file.
fn scan(file: &mut File) -> io::Result<Vec<Lying>> {
    let length = file.metadata()?.len();
    let (mut at, mut all) = (0, Vec::new());
    file.seek(SeekFrom::Start(0))?;
    let mut reader = io::BufReader::new(file);
    loop {
        let mut front = [0; FRONT];
        if length.saturating_sub(at) < FRONT as u64 {
            return Ok(all);
        }
        reader.read_exact(&mut front)?;
        let [a, b, c, d, state] = front;
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        if size == 0 || length.saturating_sub(at + FRONT as u64) < size {
            return Ok(all);
        }
        let mut sealed = vec![0; usize::try_from(size).unwrap_or_default()];
        reader.read_exact(&mut sealed)?;
        all.push(Lying { at, state, sealed });
        at += FRONT as u64 + size;
    }
}

/// Puts pieces behind what lies there, and tells where; they are on disk when this returns.
fn append<'a>(file: &mut File, all: impl Iterator<Item = &'a [u8]>) -> io::Result<Vec<u64>> {
    let end = scan(file)?.last().map_or(0, |last| last.at + (FRONT + last.sealed.len()) as u64);
    let (mut places, mut bytes) = (Vec::new(), Vec::new());
    for sealed in all {
        places.push(end + bytes.len() as u64);
        bytes.extend(u32::try_from(sealed.len()).map_err(io::Error::other)?.to_le_bytes());
        bytes.push(FULL);
        bytes.extend(sealed);
    }
    file.seek(SeekFrom::Start(end))?;
    if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_data()) {
        // What was written of them ends before them.
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&[0; FRONT])?;
        return Err(error);
    }
    Ok(places)
}

impl Inbox {
    /// That of a vault, if it has one.
    pub(super) fn of_vault(vault: &Vault, id: VaultId) -> Result<Option<Self>> {
        let path = vault.folder().inbox();
        if !path.try_exists().map_err(reading(&path))? {
            return Ok(None);
        }
        Self::open(&path, &vault.inbox_public, id, &vault.around.entropy).map(Some)
    }

    /// Opens it, and takes its room.
    pub(super) fn open(
        path: &Path,
        public: &Arc<RwLock<[u8; 32]>>,
        vault: VaultId,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self> {
        let take_room = || -> io::Result<File> {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).read(true).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path)?;
            let length = file.metadata()?.len();
            if length < ROOM {
                file.seek(SeekFrom::End(0))?;
                // Written, not only reserved: a hole would take its room when it is filled.
                io::copy(&mut io::repeat(0).take(ROOM - length), &mut file)?;
                file.sync_all()?;
                if let Some(folder) = path.parent() {
                    crate::folder::sync_folder(folder)?;
                }
            }
            Ok(file)
        };
        let file = take_room().map_err(writing(path))?;
        Ok(Self {
            path: path.to_owned(),
            public: Arc::clone(public),
            vault,
            entropy: Arc::clone(entropy),
            lies: Mutex::new(Lies { file, whose: BTreeMap::new() }),
        })
    }

    fn alone(&self) -> Result<Alone<'_>> {
        let lies = self.lies.lock().unwrap_or_else(PoisonError::into_inner);
        lies.file.lock().map_err(writing(&self.path))?;
        Ok(Alone(lies))
    }

    /// Seals a value that was made, to be put in.
    pub(super) fn seal(&self, run: RunId, mark: &str, minted: &Minted) -> Result<Sealed> {
        let Value { fields, secrets, expires } = &minted.value;
        let mut plain = Zeroizing::new(Vec::with_capacity(8 << 10));
        let mut to = Encoder::new(&mut *plain);
        let mut encode = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            to.array(7)?.bytes(run.bytes())?.str(mark)?.bool(true)?.str(&minted.key)?;
            to.map(fields.len() as u64)?;
            for (name, text) in fields {
                to.str(name)?.str(text)?;
            }
            to.map(secrets.len() as u64)?;
            for (name, secret) in secrets {
                // To seal it.
                to.str(name)?.str(secret.expose_secret())?;
            }
            match expires {
                Some(at) => to.i64(at.0)?,
                None => to.null()?,
            };
            Ok(())
        };
        // Encoding into memory cannot fail.
        let _ = encode();
        self.sealed(run, &plain)
    }

    /// Seals an answer that could not be read, to be put in.
    pub(super) fn seal_unreadable(
        &self,
        run: RunId,
        mark: &str,
        answer: &SecretSlice<u8>,
    ) -> Result<Sealed> {
        // To seal it.
        let answer = answer.expose_secret();
        let answer = answer.get(..MOST_UNREADABLE).unwrap_or(answer);
        let mut plain = Zeroizing::new(Vec::with_capacity(answer.len() + 256));
        let mut to = Encoder::new(&mut *plain);
        let mut encode = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            to.array(4)?.bytes(run.bytes())?.str(mark)?.bool(false)?.bytes(answer)?;
            Ok(())
        };
        let _ = encode();
        self.sealed(run, &plain)
    }

    fn sealed(&self, run: RunId, plain: &[u8]) -> Result<Sealed> {
        let public = *self.public.read().unwrap_or_else(PoisonError::into_inner);
        let bytes = seal_to(&public, &info(self.vault), plain, &*self.entropy)?;
        Ok(Sealed { run, bytes })
    }

    /// Puts them in; they are on disk when this returns.
    pub(super) fn put(&self, all: &[Sealed]) -> Result<()> {
        let mut alone = self.alone()?;
        let Lies { file, whose } = &mut *alone.0;
        append(file, all.iter().map(|it| &*it.bytes)).map_err(writing(&self.path))?;
        whose.extend(all.iter().filter_map(|it| Some((name(&it.bytes)?, it.run))));
        Ok(())
    }

    /// What lies in it for a run, in the order in which it came.
    pub(super) fn of(&self, run: RunId, key: &InboxKey) -> Result<Vec<Item>> {
        let all = self.open_those(key, |whose| whose.is_none_or(|whose| whose == run))?;
        Ok(all.into_iter().filter(|item| item.run == run).collect())
    }

    /// Everything that lies in it.
    pub(super) fn all(&self, key: &InboxKey) -> Result<Vec<Item>> {
        self.open_those(key, |_| true)
    }

    fn open_those(
        &self,
        key: &InboxKey,
        wanted: impl Fn(Option<RunId>) -> bool,
    ) -> Result<Vec<Item>> {
        let mut alone = self.alone()?;
        let Lies { file, whose } = &mut *alone.0;
        let mut all = Vec::new();
        for lying in scan(file).map_err(reading(&self.path))? {
            let known = name(&lying.sealed).and_then(|name| whose.get(&name).copied());
            if lying.state != FULL || !wanted(known) {
                continue;
            }
            let plain = key.open(&info(self.vault), &lying.sealed);
            if let Some(item) = plain.and_then(|plain| read(&plain, lying.at).ok()) {
                whose.extend(name(&lying.sealed).map(|name| (name, item.run)));
                all.push(item);
            }
        }
        Ok(all)
    }

    /// They lie in the vault now.
    pub(super) fn taken(&self, items: &[Item]) -> Result<()> {
        self.take_out(&items.iter().map(|item| item.at).collect::<Vec<_>>())
    }

    /// What lies at these places is not needed there any more. When nothing is left, all room is free again.
    fn take_out(&self, places: &[u64]) -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let mut alone = self.alone()?;
        let Lies { file, whose } = &mut *alone.0;
        let mut mark = || -> io::Result<()> {
            for at in places {
                file.seek(SeekFrom::Start(at + FRONT as u64 - 1))?;
                file.write_all(&[TAKEN])?;
            }
            let all = scan(file)?;
            if all.iter().any(|lying| lying.state != TAKEN) {
                return file.sync_data();
            }
            let used = all.last().map_or(0, |last| last.at + (FRONT + last.sealed.len()) as u64);
            whose.clear();
            file.seek(SeekFrom::Start(0))?;
            io::copy(&mut io::repeat(0).take(used), file)?;
            file.sync_data()
        };
        mark().map_err(writing(&self.path))
    }
}

fn info(vault: VaultId) -> Vec<u8> {
    [b"keyturn 1 inbox".as_slice(), vault.bytes()].concat()
}

fn read(plain: &[u8], at: u64) -> Result<Item, minicbor::decode::Error> {
    let mut from = Decoder::new(plain);
    from.array()?;
    let run: [u8; 16] = from
        .bytes()?
        .try_into()
        .map_err(|_| minicbor::decode::Error::message("an id has 16 bytes"))?;
    let run = RunId::from_bytes(run);
    let mark = from.str()?.to_owned();
    if !from.bool()? {
        let answer = SecretSlice::from(from.bytes()?.to_vec());
        return Ok(Item { run, mark, key: String::new(), value: None, answer, at });
    }
    let key = from.str()?.to_owned();
    let mut value = Value::default();
    for _ in 0..from.map()?.unwrap_or(0) {
        value.fields.insert(from.str()?.to_owned(), from.str()?.to_owned());
    }
    for _ in 0..from.map()?.unwrap_or(0) {
        value.secrets.push((from.str()?.to_owned(), SecretString::from(from.str()?)));
    }
    if from.datatype()? != minicbor::data::Type::Null {
        value.expires = Some(Timestamp(from.i64()?));
    }
    Ok(Item { run, mark, key, value: Some(value), answer: SecretSlice::default(), at })
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inbox(hidden)")
    }
}

impl From<VaultError> for keyturn_model::rotation::JournalFault {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Changed | VaultError::Rotating => Self::Changed,
            VaultError::RunGone => Self::NoSuchRun,
            _ => Self::Storage,
        }
    }
}

#[cfg(test)]
mod tests;
