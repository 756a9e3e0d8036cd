//! A template and what a person filled in become an issuer, or the faults that stand in the form.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    rotation::Issuer,
    setup::{SetupFault, SetupWhy},
};

use keyturn_outbound::check;

use super::{
    Shape, Template,
    filling::{Filling, Fillings, address},
    issuer::ByTemplate,
    parse,
    parsing::END,
    preset,
};
use crate::around::{Around, check_address};

const LONGEST_BLANK: usize = 16 * 1024;

/// The template that a setup names, or brings along.
pub(crate) fn text<'a>(named: Option<&str>, own: Option<&'a str>) -> Option<&'a str> {
    match (named, own) {
        (Some(named), None) => preset(named).map(|preset| preset.text),
        (None, own) => own,
        _ => None,
    }
}

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub fn issuer(
    named: Option<&str>,
    own: Option<&str>,
    blanks: &BTreeMap<String, String>,
    private: bool,
    around: &Around<'_>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let missing = || vec![SetupFault::new("preset", SetupWhy::Missing)];
    let text = text(named, own).ok_or_else(missing)?;
    let template = parse(text).map_err(|fault| vec![fault])?;
    let (mut faults, mut fillings) = (Vec::new(), Fillings::new());
    for (name, shape) in &template.blanks {
        let text = blanks.get(name).cloned().unwrap_or_default();
        check_blank(&template, name, *shape, &text, private, &mut faults);
        fillings.insert(name.clone(), Filling::Blank(*shape, text));
    }
    for name in &template.secrets {
        fillings.insert(name.clone(), Filling::Secret(around.secret(name, &mut faults)));
    }
    if faults.is_empty() && !addresses_may_be_called(&template, &fillings, private) {
        faults.push(SetupFault::new("template", SetupWhy::Address));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Arc::new(ByTemplate {
        client: around.client.clone(),
        clock: Arc::clone(&around.clock),
        kind: around.kind,
        valid_days: around.rotation.valid_days,
        template,
        fillings,
        private,
    }))
}

/// Whether each request would be sent at all, whatever is filled in later.
fn addresses_may_be_called(template: &Template, fillings: &Fillings, private: bool) -> bool {
    let mut all = fillings.clone();
    let later = ["mark", "key", "page"].iter().chain(END);
    all.extend(later.map(|name| ((*name).to_owned(), Filling::text("a"))));
    template.asks().all(|ask| {
        let (_, to) = ask.request.split_once(' ').unwrap_or_default();
        address(to, &all).is_ok_and(|to| check(&to, private).is_ok())
    })
}

fn check_blank(
    template: &Template,
    name: &str,
    shape: Shape,
    text: &str,
    private: bool,
    faults: &mut Vec<SetupFault>,
) {
    let why = if text.trim().is_empty() {
        (!template.optional.iter().any(|each| each == name)).then_some(SetupWhy::Missing)
    } else if text.len() > LONGEST_BLANK {
        Some(SetupWhy::TooLong)
    } else if shape == Shape::Json {
        serde_json::from_str::<serde_json::Value>(text).err().map(|_| SetupWhy::Template)
    } else if shape == Shape::Address {
        return check_address(name, text, private, faults);
    } else {
        text.chars().any(char::is_control).then_some(SetupWhy::Characters)
    };
    faults.extend(why.map(|why| SetupFault::new(name, why)));
}
