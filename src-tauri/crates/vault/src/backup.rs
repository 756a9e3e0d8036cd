//! A backup: one encrypted file, made while the vault is in use, read back before it counts.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use keyturn_model::{Entropy, MemberId, Timestamp, VaultId};
use minicbor::{Decode, Encode, bytes::ByteArray};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{
    VaultError,
    audit::{self, Draft, Head},
    database::{self, Use, connect},
    error::{Result, of_database, reading, writing},
    folder::{Folder, sync_folder},
    header::{self, Header, is_sealed},
    keys::VaultKeys,
    slots::{Secret, open_member},
    store::{check_sum, read_meta},
    stream::{self, Broken},
    vault::{ClosedMember, Hear, Making, Step, Surroundings, Vault, closed_member, keys_of},
};

const MAGIC: &[u8; 8] = b"KTBACKUP";
const FORMAT: u16 = 1;
/// The ending of a backup's name.
pub const EXTENSION: &str = "keyturn-backup";
/// How many automatic backups are kept.
const KEPT_DAYS: usize = 7;
const KEPT_WEEKS: usize = 4;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Manifest {
    #[n(0)]
    generation: u64,
    #[n(1)]
    credentials: u64,
    #[n(2)]
    audit_seq: u64,
    #[n(3)]
    audit_mac: ByteArray<32>,
    #[n(4)]
    size: u64,
    #[n(5)]
    sum: ByteArray<32>,
}

/// What a backup was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// When it was made.
    pub made: Timestamp,
    /// How many credentials are in it.
    pub credentials: u64,
    /// Where its audit log ends.
    pub head: Head,
}

/// A backup that nobody opened: what its beginning tells.
#[derive(Debug)]
pub struct ClosedBackup {
    file: PathBuf,
    made: Timestamp,
    header_bytes: Vec<u8>,
    header: Header,
    prefix: Vec<u8>,
    salt: [u8; 32],
}

/// An automatic backup on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDisk {
    /// Where.
    pub file: PathBuf,
    /// When it was made, by its own beginning.
    pub made: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// Where the automatic backup of `now` goes.
pub(crate) fn automatic_place(folder: &Folder, name: &str, now: Timestamp) -> PathBuf {
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let moment = now.utc().format("%Y-%m-%d %H%M%S");
    let plain = folder.backups().join(format!("{safe} {moment}.{EXTENSION}"));
    if plain.exists() {
        let exact = now.utc().format("%Y-%m-%d %H%M%S%.3f");
        return folder.backups().join(format!("{safe} {exact}.{EXTENSION}"));
    }
    plain
}

/// Writes a backup of the database behind `source` to `place`, reads it back, and only then gives it its name.
pub(crate) fn write(
    source: &Connection,
    source_file: &Path,
    header: &Header,
    header_bytes: &[u8],
    keys: &VaultKeys,
    around: &Surroundings,
    place: &Path,
) -> Result<Contents> {
    let parent = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(writing(parent))?;
    if fs::symlink_metadata(place).is_ok() {
        return Err(VaultError::Taken(place.to_owned()));
    }
    let work = tempfile::Builder::new()
        .prefix(".keyturn-backup-")
        .tempdir_in(parent)
        .map_err(writing(parent))?;
    let snapshot = work.path().join("snapshot.db");
    source
        .execute("VACUUM INTO ?1", [snapshot.to_string_lossy()])
        .map_err(of_database(source_file))?;
    let manifest = describe(&snapshot, keys)?;
    let unnamed = work.path().join("backup");
    let made = around.clock.now();
    stream_out(&unnamed, &snapshot, &manifest, made, header_bytes, keys, &*around.entropy)
        .map_err(writing(place))?;
    fs::remove_file(&snapshot).map_err(writing(&snapshot))?;
    let again = ClosedBackup::look(&unnamed)?;
    if again.header != *header {
        return Err(VaultError::BackupDamaged(place.to_owned()));
    }
    let contents = again.extract(keys, &snapshot)?;
    fs::hard_link(&unnamed, place)
        .or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            // Some disks know no links.
            _ => fs::rename(&unnamed, place),
        })
        .and_then(|()| sync_folder(parent))
        .map_err(writing(place))?;
    Ok(contents)
}

fn describe(snapshot: &Path, keys: &VaultKeys) -> Result<Manifest> {
    let database = connect(snapshot, &keys.database, Use::Read)?;
    let meta = read_meta(&database, snapshot)?;
    let credentials: i64 = database
        .query_row("SELECT count(*) FROM credential", [], |row| row.get(0))
        .map_err(of_database(snapshot))?;
    drop(database);
    let mut sum = Sha256::new();
    let size =
        io::copy(&mut File::open(snapshot).map_err(reading(snapshot))?, &mut Hashing(&mut sum))
            .map_err(reading(snapshot))?;
    Ok(Manifest {
        generation: meta.generation,
        credentials: u64::try_from(credentials).unwrap_or_default(),
        audit_seq: meta.head.seq,
        audit_mac: meta.head.mac.into(),
        size,
        sum: <[u8; 32]>::from(sum.finalize()).into(),
    })
}

struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn stream_out(
    file: &Path,
    snapshot: &Path,
    manifest: &Manifest,
    made: Timestamp,
    header_bytes: &[u8],
    keys: &VaultKeys,
    entropy: &dyn Entropy,
) -> io::Result<()> {
    let mut salt = [0; 32];
    entropy.fill(&mut salt);
    let length = u32::try_from(header_bytes.len()).map_err(io::Error::other)?;
    let prefix = [
        MAGIC.as_slice(),
        &FORMAT.to_be_bytes(),
        &made.0.to_be_bytes(),
        &length.to_be_bytes(),
        header_bytes,
        &salt,
    ]
    .concat();
    let mut described = Vec::new();
    minicbor::encode(manifest, &mut described).map_err(io::Error::other)?;
    let described_length = u32::try_from(described.len()).map_err(io::Error::other)?;
    let front = [&described_length.to_be_bytes()[..], &described].concat();
    let mut plain = front.as_slice().chain(BufReader::new(File::open(snapshot)?));

    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(file)?);
    out.write_all(&prefix)?;
    stream::seal(&keys.backup(&salt), &prefix, &mut plain, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()
}

impl ClosedBackup {
    /// Reads the beginning of the backup in `file`.
    ///
    /// # Errors
    /// When it is not a backup, newer, or not what was written.
    pub fn look(file: &Path) -> Result<Self> {
        let other = || VaultError::NotABackup(file.to_owned());
        let damaged = || VaultError::BackupDamaged(file.to_owned());
        let mut from = File::open(file).map_err(reading(file))?;
        let mut fixed = [0; 8 + 2 + 8 + 4];
        from.read_exact(&mut fixed).map_err(|_| other())?;
        let (magic, rest) = fixed.split_first_chunk::<8>().ok_or_else(other)?;
        let (format, rest) = rest.split_first_chunk::<2>().ok_or_else(other)?;
        let (made, length) = rest.split_first_chunk::<8>().ok_or_else(other)?;
        let length = u32::from_be_bytes(<[u8; 4]>::try_from(length).map_err(|_| other())?);
        let length = usize::try_from(length).map_err(|_| damaged())?;
        if magic != MAGIC {
            return Err(other());
        }
        let format = u16::from_be_bytes(*format);
        if format > FORMAT {
            return Err(VaultError::Newer { file: file.to_owned(), format: format.into() });
        }
        if format != FORMAT || length > header::LARGEST {
            return Err(damaged());
        }
        let mut header_bytes = vec![0; length];
        from.read_exact(&mut header_bytes).map_err(|_| damaged())?;
        let mut salt = [0; 32];
        from.read_exact(&mut salt).map_err(|_| damaged())?;
        let header = Header::decode(&header_bytes, file).map_err(|error| match error {
            VaultError::Newer { .. } | VaultError::CostRefused => error,
            _ => damaged(),
        })?;
        let prefix = [&fixed[..], &header_bytes, &salt].concat();
        let made = Timestamp(i64::from_be_bytes(*made));
        Ok(Self { file: file.to_owned(), made, header_bytes, header, prefix, salt })
    }

    /// What people call the vault in it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// The id of the vault in it.
    #[must_use]
    pub fn vault(&self) -> VaultId {
        self.header.vault()
    }

    /// When it was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// Who could unlock the vault then.
    #[must_use]
    pub fn members(&self) -> Vec<ClosedMember> {
        self.header.members.iter().map(closed_member).collect()
    }

    /// Makes a vault of it in `folder`, which must not be there yet, and opens it.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the secret was not the member's then.
    pub fn restore(
        &self,
        folder: &Folder,
        member: MemberId,
        secret: &Secret<'_>,
        around: &Surroundings,
        hear: Hear<'_>,
    ) -> Result<Vault> {
        hear(Step::Deriving);
        let entry = self.header.member(member)?;
        // A slot's time does not matter for a backup: what counts is when it was made.
        let seed = open_member(entry, self.header.vault(), secret, self.made)?;
        let keys = keys_of(&self.header, member, &seed, &self.file)?;
        if !is_sealed(&self.header_bytes, &keys.header) {
            return Err(VaultError::HeaderForged(self.file.clone()));
        }
        hear(Step::Writing);
        let making = Making::beside(folder)?;
        let file = making.folder().database(self.header.generation);
        self.extract(&keys, &file)?;
        making.folder().write_header(&self.header_bytes)?;
        making.finish()?;
        hear(Step::Opening);
        let vault = Vault::enter(folder.clone(), member, seed, around)?;
        let detail = format!("from the backup of {}", self.made);
        vault.write(Draft::of("vault.restored").with(detail), &[], |_| Ok(()))?;
        Ok(vault)
    }

    /// Writes the database in it to `to` and checks it: its sum, every page, every row, the whole audit log.
    fn extract(&self, keys: &VaultKeys, to: &Path) -> Result<Contents> {
        let damaged = || VaultError::BackupDamaged(self.file.clone());
        let mut from = BufReader::new(File::open(&self.file).map_err(reading(&self.file))?);
        let mut skipped = vec![0; self.prefix.len()];
        from.read_exact(&mut skipped).map_err(|_| damaged())?;
        if skipped != self.prefix {
            return Err(damaged());
        }
        let out = File::create_new(to).map_err(writing(to))?;
        let mut out = BufWriter::new(out);
        let mut sum = Sha256::new();
        let mut manifest: Option<Manifest> = None;
        let mut size = 0;
        for opened in stream::Opening::new(&keys.backup(&self.salt), &self.prefix, from) {
            let opened = opened.map_err(|broken| match broken {
                Broken::Unreadable(reason) => reading(&self.file)(reason),
                Broken::Damaged => damaged(),
            })?;
            let mut bytes = opened.as_slice();
            if manifest.is_none() {
                let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(damaged)?;
                let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| damaged())?;
                let (described, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
                manifest = Some(minicbor::decode(described).map_err(|_| damaged())?);
                bytes = rest;
            }
            sum.update(bytes);
            size += u64::try_from(bytes.len()).unwrap_or_default();
            out.write_all(bytes).map_err(writing(to))?;
        }
        out.flush().map_err(writing(to))?;
        out.get_ref().sync_all().map_err(writing(to))?;
        let manifest = manifest.ok_or_else(damaged)?;
        let head = Head { seq: manifest.audit_seq, mac: *manifest.audit_mac };
        if size != manifest.size
            || <[u8; 32]>::from(sum.finalize()) != *manifest.sum
            || manifest.generation != self.header.generation
        {
            return Err(damaged());
        }
        let database = connect(to, &keys.database, Use::Read)?;
        database::check_pages(&database, to)?;
        check_sum(&database, keys, to)?;
        let meta = read_meta(&database, to)?;
        if meta.head != head || meta.vault != self.header.vault() {
            return Err(damaged());
        }
        audit::Chain::of(&self.header, keys).verify(&database, head)?;
        Ok(Contents { made: self.made, credentials: manifest.credentials, head })
    }
}

impl Vault {
    /// Makes a backup in `place`, which must not be there yet.
    ///
    /// # Errors
    /// When it could not be written, or read back; then there is no new file.
    pub fn back_up(&self, place: &Path, hear: Hear<'_>) -> Result<Contents> {
        hear(Step::Writing);
        let contents = {
            let opened = self.opened();
            if !self.is_read_only() {
                opened.store.catch_up(&opened.header)?;
            }
            let bytes = opened.header.encode(&opened.keys.header)?;
            let source = connect(opened.store.file(), &opened.keys.database, Use::Write)?;
            write(
                &source,
                opened.store.file(),
                &opened.header,
                &bytes,
                &opened.keys,
                &self.around,
                place,
            )?
        };
        let head: String = contents.head.mac.iter().take(8).map(|b| format!("{b:02x}")).collect();
        if !self.is_read_only() {
            let detail = format!("head {head} at entry {}", contents.head.seq);
            self.write(Draft::of("backup.made").with(detail), &[], |_| Ok(()))?;
        }
        Ok(contents)
    }

    /// Makes the automatic backup, and throws those away that are too many.
    ///
    /// # Errors
    /// When it could not be written, or read back; then none is thrown away.
    pub fn back_up_automatically(&self, hear: Hear<'_>) -> Result<Contents> {
        let place = automatic_place(&self.folder, &self.name(), self.around.clock.now());
        let contents = self.back_up(&place, hear)?;
        let found = self.backups()?;
        let moments: Vec<Timestamp> = found.iter().map(|backup| backup.made).collect();
        for (backup, kept) in found.iter().zip(kept(&moments)) {
            if !kept {
                fs::remove_file(&backup.file).map_err(writing(&backup.file))?;
            }
        }
        Ok(contents)
    }

    /// The automatic backups, the newest first. Files that are none, or not of this vault, are left out.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn backups(&self) -> Result<Vec<OnDisk>> {
        let folder = self.folder.backups();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(reading(&folder)(error)),
        };
        let mine = self.id();
        let mut found: Vec<OnDisk> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|file| file.extension().is_some_and(|ending| ending == EXTENSION))
            .filter_map(|file| {
                let backup = ClosedBackup::look(&file).ok()?;
                let bytes = fs::metadata(&file).ok()?.len();
                (backup.vault() == mine).then_some(OnDisk { file, made: backup.made, bytes })
            })
            .collect();
        found.sort_by_key(|backup| std::cmp::Reverse(backup.made));
        Ok(found)
    }

    /// Restores a backup for a trial, with the keys of the open vault, and throws the result away.
    ///
    /// # Errors
    /// When it is not what was written, or is of other keys than those in force.
    pub fn test_backup(&self, file: &Path, hear: Hear<'_>) -> Result<Contents> {
        hear(Step::Checking);
        let backup = ClosedBackup::look(file)?;
        let opened = self.opened();
        if backup.header.vault() != opened.header.vault() {
            return Err(VaultError::OtherVault(file.to_owned()));
        }
        let keys = keys_of(&backup.header, self.me, &self.seed, file)?;
        let work = tempfile::tempdir_in(self.folder.path()).map_err(writing(self.folder.path()))?;
        backup.extract(&keys, &work.path().join("trial.db"))
    }
}

/// Which of these (the newest first) are kept: the newest of each of the last seven days that have
/// one, and of each of the last four weeks that have one.
fn kept(moments: &[Timestamp]) -> Vec<bool> {
    const DAY: i64 = 24 * 3600 * 1000;
    let mut days: Vec<i64> = Vec::new();
    let mut weeks: Vec<i64> = Vec::new();
    let first_of = |seen: &mut Vec<i64>, unit: i64, most: usize| {
        let new = !seen.contains(&unit);
        if new && seen.len() < most {
            seen.push(unit);
            return true;
        }
        false
    };
    moments
        .iter()
        .map(|moment| {
            let day = moment.0.div_euclid(DAY);
            // Day 4 of 1970 was a Monday.
            let week = (day + 3).div_euclid(7);
            let of_day = first_of(&mut days, day, KEPT_DAYS);
            let of_week = first_of(&mut weeks, week, KEPT_WEEKS);
            of_day || of_week
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600 * 1000;

    #[test]
    fn a_year_of_daily_backups_keeps_seven_days_and_four_weeks() {
        let year: Vec<Timestamp> = (0..365).rev().map(|day| Timestamp(day * DAY + 1)).collect();
        let left = year.iter().zip(kept(&year)).filter(|(_, kept)| *kept).count();
        assert!((9..=11).contains(&left), "{left}");
        assert_eq!(kept(&year)[..7], [true; 7]);
    }

    #[test]
    fn many_on_one_day_leave_the_newest() {
        let day: Vec<Timestamp> = (0..5).rev().map(|n| Timestamp(100 * DAY + n)).collect();
        assert_eq!(kept(&day), [true, false, false, false, false]);
    }

    #[test]
    fn a_few_old_ones_all_stay() {
        let old: Vec<Timestamp> = [300, 200, 100, 1].map(|day| Timestamp(day * DAY)).to_vec();
        assert_eq!(kept(&old), [true; 4]);
    }
}
