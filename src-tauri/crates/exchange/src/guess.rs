//! Where an entry seems to be used. A guess that is shown and can be changed; no rule depends on it.

use crate::record::Record;

/// Names of groups that say where something is used.
const ENVIRONMENTS: [&str; 14] = [
    "prod",
    "production",
    "staging",
    "stage",
    "preprod",
    "dev",
    "development",
    "test",
    "testing",
    "qa",
    "uat",
    "sandbox",
    "integration",
    "demo",
];

/// The environment that this name says, if it is one.
pub(crate) fn environment(name: &str) -> Option<String> {
    let small = name.trim().to_lowercase();
    ENVIRONMENTS.contains(&small.as_str()).then(|| name.trim().to_owned())
}

/// Fills in the environment where the file did not say it but by a group's name.
pub(crate) fn complete(record: &mut Record) {
    if record.environment.is_none() {
        record.environment = record.group.iter().find_map(|name| environment(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_group_can_say_the_environment() {
        let mut record = Record { group: vec!["Teams".into(), "Prod".into()], ..Record::default() };
        complete(&mut record);
        assert_eq!(record.environment.as_deref(), Some("Prod"));
        let mut record = Record { group: vec!["Teams".into()], ..Record::default() };
        complete(&mut record);
        assert_eq!(record.environment, None);
    }
}
