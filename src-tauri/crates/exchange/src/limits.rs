//! How large and how costly a file may be. Nothing is unpacked or derived before it is asked here.

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

/// What a file may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Entries in it.
    pub entries: usize,
    /// Groups in groups, lists in lists.
    pub nesting: usize,
    /// Bytes of one field.
    pub value: usize,
    /// Bytes of the notes of one entry.
    pub notes: usize,
    /// Fields, tags, attachments and earlier versions of one entry, each.
    pub parts: usize,
    /// Bytes after unpacking.
    pub unpacked: u64,
    /// How many times larger than packed.
    pub ratio: u64,
    /// What deriving the key may cost.
    pub derivation: Derivation,
}

/// What deriving a key may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// Bytes of memory for Argon2.
    pub argon2_memory: u64,
    /// Passes of Argon2 over its memory.
    pub argon2_passes: u64,
    /// Bytes that all passes of Argon2 write together.
    pub argon2_work: u64,
    /// Lanes of Argon2.
    pub argon2_lanes: u32,
    /// Rounds of AES-KDF.
    pub aes_rounds: u64,
    /// Iterations of PBKDF2.
    pub pbkdf2: u64,
}

impl Limits {
    /// What a desktop machine takes in its stride.
    pub const USUAL: Self = Self {
        file: 64 * MIB,
        entries: 100_000,
        nesting: 32,
        value: 256 * 1024,
        notes: 1024 * 1024,
        parts: 1000,
        unpacked: 512 * MIB,
        ratio: 200,
        derivation: Derivation {
            argon2_memory: GIB,
            argon2_passes: 1000,
            argon2_work: 128 * GIB,
            argon2_lanes: 64,
            aes_rounds: 100_000_000,
            pbkdf2: 10_000_000,
        },
    };

    /// The most bytes that this many packed ones may become.
    pub(crate) fn unpacked_from(&self, packed: usize) -> u64 {
        // A small file may well be nothing but the same letter.
        self.unpacked.min((packed as u64).saturating_mul(self.ratio).max(MIB))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}
