//! How large what is read may be, and how much may be found in it.

/// What one search, or one file, may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file, or of a file in a git history.
    pub file: u64,
    /// Lists in lists.
    pub nesting: usize,
    /// Items of a file that has a structure; about 100 bytes of memory each.
    pub items: usize,
    /// Files of a search, and objects of a git history.
    pub files: usize,
    /// What is found in one file, and what is found of one kind in a search.
    pub found: usize,
}

impl Limits {
    /// What a desktop machine takes in its stride.
    pub const USUAL: Self = Self {
        file: 32 * 1024 * 1024,
        nesting: 64,
        items: 2_000_000,
        files: 1_000_000,
        found: 10_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}
