//! Reports of gitleaks and trufflehog: those of their findings that are values of the vault.

use serde_json::Value;

use crate::{
    Known, Limits, Refused, Sighting, Spot,
    tree::{self, json, string},
};

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Values of the vault, and where they lie.
    pub sightings: Vec<Sighting>,
    /// How many other secrets it tells of.
    pub others: usize,
}

/// Reads a report of gitleaks or trufflehog (JSON).
///
/// # Errors
/// When it is no such report, is damaged, or asks for too much.
pub fn read_report(bytes: &[u8], known: &Known, limits: &Limits) -> Result<Report, Refused> {
    let text = tree::text(bytes, limits)?;
    let documents = json(text, limits)?;
    let mut report = Report::default();
    let items = documents.iter().flat_map(|document| match document {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    });
    for item in items {
        let (spot, says) = finding(item).ok_or(Refused::NotThisFormat)?;
        let mut versions: Vec<_> =
            says.into_iter().flat_map(|text| known.versions(text.as_bytes())).collect();
        versions.sort_unstable();
        versions.dedup();
        report.others += usize::from(versions.is_empty());
        let sightings =
            versions.into_iter().map(|version| Sighting { version, spot: spot.clone() });
        report.sightings.extend(sightings);
        if report.sightings.len() > limits.found {
            return Err(Refused::TooMany { most: limits.found });
        }
    }
    report.sightings.sort_unstable();
    report.sightings.dedup();
    Ok(report)
}

/// Where a finding lies, and the texts that may hold its value.
fn finding(item: &Value) -> Option<(Spot, Vec<&str>)> {
    if item.get("RuleID").is_some() {
        let line = item["StartLine"].as_u64().unwrap_or_default();
        let spot = spot(string(item, "File"), line, string(item, "Commit"));
        return Some((spot, vec![string(item, "Secret"), string(item, "Match")]));
    }
    item.get("DetectorName")?;
    // Its one entry is named after what was searched.
    let place = item["SourceMetadata"]["Data"].as_object()?.values().next()?;
    let file = ["file", "path", "filename", "link"].into_iter().map(|key| string(place, key));
    let file = file.into_iter().find(|file| !file.is_empty()).unwrap_or_default();
    let line = place["line"].as_u64().unwrap_or_default();
    let spot = spot(file, line, string(place, "commit"));
    Some((spot, vec![string(item, "Raw"), string(item, "RawV2")]))
}

fn spot(file: &str, line: u64, commit: &str) -> Spot {
    let commit = Some(commit.to_owned()).filter(|commit| !commit.is_empty());
    Spot { file: file.to_owned(), line, commit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{known, version};

    fn report(text: &str) -> Result<Report, Refused> {
        let known = known(&["fixture-value-one", "fixture-value-two"]);
        read_report(text.as_bytes(), &known, &Limits::USUAL)
    }

    fn sighting(number: u32, file: &str, line: u64, commit: Option<&str>) -> Sighting {
        let spot = Spot { file: file.into(), line, commit: commit.map(str::to_owned) };
        Sighting { version: version(number), spot }
    }

    #[test]
    fn findings_of_gitleaks_are_held_against_the_vault() {
        let text = r#"[{"RuleID":"generic-api-key","Secret":"fixture-value-one","Match":"key=fixture-value-one","File":"a/b.py","StartLine":7,"Commit":"c0ffee"},
            {"RuleID":"other","Secret":"fixture-of-somebody-else","Match":"","File":"c","StartLine":1,"Commit":""},
            {"RuleID":"jwt","Secret":"REDACTED","Match":"REDACTED","File":"c","StartLine":2,"Commit":""}]"#;
        let sightings = vec![sighting(1, "a/b.py", 7, Some("c0ffee"))];
        assert_eq!(report(text), Ok(Report { sightings, others: 2 }));
        assert_eq!(report("[]"), Ok(Report::default()));
    }

    #[test]
    fn findings_of_trufflehog_are_held_against_the_vault() {
        let text = "{\"SourceMetadata\":{\"Data\":{\"Git\":{\"commit\":\"c0ffee\",\"file\":\"x.env\",\"line\":3}}},\"DetectorName\":\"AWS\",\"Raw\":\"fixture\",\"RawV2\":\"fixture:fixture-value-two\"}\n\
            {\"SourceMetadata\":{\"Data\":{\"Filesystem\":{\"file\":\"/y\"}}},\"DetectorName\":\"URI\",\"Raw\":\"https://u:fixture-value-one@h\"}\n";
        let sightings = vec![sighting(1, "/y", 0, None), sighting(2, "x.env", 3, Some("c0ffee"))];
        assert_eq!(report(text), Ok(Report { sightings, others: 0 }));
    }

    #[test]
    fn what_is_no_report_is_refused() {
        assert_eq!(report("{\"a\":1}"), Err(Refused::NotThisFormat));
        assert_eq!(report("[1]"), Err(Refused::NotThisFormat));
        assert_eq!(report("[{]"), Err(Refused::Damaged { line: 1 }));
        assert_eq!(report("\u{FF}"), Err(Refused::Damaged { line: 1 }));
    }
}
