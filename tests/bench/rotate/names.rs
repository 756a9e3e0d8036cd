//! What a sandbox has at first, by name.

pub(crate) const TOKEN: &str = "fixture-token";
/// Who uses a credential.
pub(crate) const CONSUMERS: [&str; 3] = ["shop", "till", "desk"];

/// What the sandbox calls a key that is there from the beginning, and its secret.
pub(crate) fn old(number: usize) -> [String; 2] {
    [format!("key_{number:06}"), format!("sandbox_fixture_{number:06}")]
}

/// What the sandbox calls a consumer of a key.
pub(crate) fn consumer(name: &str, number: usize) -> String {
    format!("{name}-{number:06}")
}
