//! Every preset can be read; what each asks is held against its service in the files beside this one.

use keyturn_issuers::template::{PRESETS, parse};

#[test]
fn every_preset_can_be_read_lists_with_marks_and_revokes() {
    assert!(PRESETS.len() >= 10);
    for preset in PRESETS {
        let template =
            parse(preset.text).unwrap_or_else(|fault| panic!("{}: {fault:?}", preset.id));
        assert!(template.facts.starts_with("https://"), "{}", preset.id);
        let list = template.list.unwrap_or_else(|| panic!("{} does not list", preset.id));
        assert!(list.mark.is_some() && template.revoke.is_some(), "{}", preset.id);
        assert!(preset.text.contains("{mark}"), "{}", preset.id);
    }
}

#[test]
fn every_preset_is_held_against_its_service() {
    let contracts = [include_str!("presets_hosting.rs"), include_str!("presets_software.rs")];
    for preset in PRESETS {
        let named = format!("preset: \"{}\",", preset.id);
        assert!(contracts.iter().any(|text| text.contains(&named)), "{}", preset.id);
    }
}
