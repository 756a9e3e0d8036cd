//! Every preset can be read; what each asks is held against its service in the files beside this one.

use std::collections::BTreeMap;

use keyturn_issuers::{
    template::{PRESETS, parse},
    usual_at_once,
};
use keyturn_model::setup::IssuerSetup;

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
fn every_preset_says_how_many_calls_at_once_its_service_gets_or_gets_few() {
    let at_once = |preset: &str| {
        let (preset, template) = (Some(preset.to_owned()), None);
        let blanks = BTreeMap::new();
        usual_at_once(&IssuerSetup::Http { preset, template, blanks, private: false })
    };
    assert_eq!(["resend", "cloudflare", "neon"].map(at_once), [1, 2, 4]);
    assert!(PRESETS.iter().all(|preset| (1..=8).contains(&at_once(preset.id))));
}

#[test]
fn every_preset_is_held_against_its_service() {
    let contracts = [include_str!("presets_hosting.rs"), include_str!("presets_software.rs")];
    for preset in PRESETS {
        let named = format!("preset: \"{}\",", preset.id);
        assert!(contracts.iter().any(|text| text.contains(&named)), "{}", preset.id);
    }
}
