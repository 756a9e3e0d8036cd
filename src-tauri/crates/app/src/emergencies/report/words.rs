//! What a report calls things: kinds, causes, troubles and what happened, in words for somebody who was not there.

use chrono::SecondsFormat;
use keyturn_model::{
    BindingId, Kind, Risk, Timestamp,
    incident::{Cause, Trace},
    rotation::{Order, Trouble, Why},
};

use crate::views::IncidentLine;

/// As programs read it.
pub(super) fn iso(at: Timestamp) -> String {
    at.utc().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// "2026-11-23 14:05:09 UTC"
pub(super) fn utc(at: Timestamp) -> String {
    format!("{} UTC", moment(at))
}

/// The same where it stands already that it is UTC.
pub(super) fn moment(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// "2 h 5 min", "40 s"
pub(super) fn lasted(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.0.saturating_sub(from.0).max(0) / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// "1 credential", "3 credentials"
pub(super) fn count(many: usize, of: &str) -> String {
    if many == 1 { format!("1 {of}") } else { format!("{many} {of}s") }
}

/// "shop, worker, reports and 4 more"
pub(super) fn some(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    match names.split_at_checked(SHOWN) {
        // One that is left out would be as short as the words for it.
        Some((first, rest)) if rest.len() > 1 => {
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => names.join(", "),
    }
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::ApiKey => "API key",
        Kind::OauthClient => "OAuth client",
        Kind::ServiceToken => "Service token",
        Kind::DatabaseLogin => "Database login",
        Kind::CloudKey => "Cloud key",
        Kind::Certificate => "Certificate",
        Kind::SshKey => "SSH key",
        Kind::WebhookSecret => "Webhook secret",
        Kind::SigningKey => "Signing key",
        Kind::Login => "Login",
        Kind::Secret => "Generic secret",
    }
}

pub(super) fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::High => "high risk",
        Risk::Standard => "standard risk",
    }
}

pub(super) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Leaked => "Values of credentials were found where they must not be.",
        Cause::Left => "Somebody who knew values of credentials left.",
        Cause::MachineLost => "A computer with values of credentials on it was lost.",
        Cause::IssuerBreached => "An issuer of credentials was broken into.",
        Cause::Chosen => "Credentials were chosen to be replaced in haste.",
    }
}

/// The same in a word or two.
pub(super) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Leaked => "Leaked",
        Cause::Left => "Someone left",
        Cause::MachineLost => "Machine lost",
        Cause::IssuerBreached => "Issuer breached",
        Cause::Chosen => "Chosen",
    }
}

pub(super) fn order(order: Order) -> &'static str {
    match order {
        Order::Usual => "The usual one: old values are revoked after a while",
        Order::RotateFirst => "Rotate first: an old value is revoked once the new one is in use",
        Order::RevokeFirst => {
            "Revoke first: an old value is revoked before the new one is delivered"
        }
        Order::RevokeOnly => "Revoke only: old values are revoked, and nothing takes their place",
    }
}

/// Why a credential was found.
pub(super) fn trace(trace: &Trace) -> String {
    match trace {
        Trace::Found { place, works: true } => format!("Found in {place}"),
        Trace::Found { place, works: false } => format!("An old version found in {place}"),
        Trace::Revealed { by, at } => format!("Seen by {by}, {}", utc(*at)),
        Trace::Copied { by, at } => format!("Copied by {by}, {}", utc(*at)),
        Trace::Owned => "They answer for it".to_owned(),
        Trace::CouldRead => "They could read it; nothing says that they did".to_owned(),
        Trace::Issued { account } => format!("Made by {account}"),
        Trace::Used { at } => format!("Last used {}", utc(*at)),
    }
}

/// What stands in the way of a rotation.
pub(super) fn trouble(trouble: Trouble, name: impl Fn(BindingId) -> String) -> String {
    let words = match trouble {
        Trouble::Issuer { why } => return format!("{}.", because("The issuer", why)),
        Trouble::Consumer { binding, why } => return format!("{}.", because(&name(binding), why)),
        Trouble::NotTakenUp { binding } => {
            return format!("{} does not use the value that it was given.", name(binding));
        }
        Trouble::NotAllowed => "The issuer account lacks a permission that a rotation needs.",
        Trouble::NoRoom => "The issuer allows no further key beside those that exist.",
        Trouble::NoConsent => {
            "The old value dies before the new one is delivered, and nobody agreed."
        }
        Trouble::OldRefused => "The issuer refused the old value before anything was done.",
        Trouble::NewRefused => "The issuer refuses the new value.",
        Trouble::Unproven => "Nothing can tell whether the new value works.",
        Trouble::OutcomeUnknown => {
            "The issuer may have made a key, and nothing tells whether it did."
        }
        Trouble::NotProvablyOurs => "A key appeared at the issuer, and nothing proves whose it is.",
        Trouble::Unreadable => "The issuer made a key, and no value was found in its answer.",
        Trouble::StillUsed => "Something still uses the old value.",
        Trouble::StillAccepted => "The old value was revoked and is still accepted.",
        Trouble::Stopped => "Somebody stopped the rotation.",
    };
    words.to_owned()
}

fn because(who: &str, why: Why) -> String {
    let what = match why {
        Why::Refused => "refused what it was given",
        Why::Forbidden => "has an address where nothing may be sent",
        Why::Denied => "does not allow Keyturn to do this",
        Why::Conflict => "has something else than was expected",
        Why::Gone => "does not know what it was asked about",
        Why::Busy => "takes no more requests for now",
        Why::Unknown => "did not answer",
        Why::Unreadable => "gave an answer that cannot be read",
        Why::ByHand => "waits for a person to do this by hand",
        Why::NotSetUp => "is not set up any more",
    };
    format!("{who} {what}")
}

/// One line of the timeline; what has no words yet is told as it was entered.
pub(super) fn happened(line: &IncidentLine) -> String {
    let what = ACTIONS.iter().find(|(action, _)| *action == line.action);
    let what = what.map_or_else(|| line.action.replace(['.', '_'], " "), |it| it.1.to_owned());
    let detail = match (line.action.as_str(), line.detail.as_str()) {
        ("incident.order_set", "RotateFirst") => "rotate first",
        ("incident.order_set", "RevokeFirst") => "revoke first",
        ("incident.order_set", "RevokeOnly") => "revoke only",
        (_, detail) => detail,
    };
    if detail.is_empty() { what } else { format!("{what}: {detail}") }
}

const ACTIONS: &[(&str, &str)] = &[
    ("incident.opened", "Incident opened"),
    ("incident.renamed", "Incident renamed"),
    ("incident.earliest_set", "Earliest possible misuse set"),
    ("incident.order_set", "Order set"),
    ("incident.scope_changed", "Scope changed"),
    ("incident.started", "Started, number of credentials"),
    ("incident.rotations_begun", "Rotations begun so far"),
    ("incident.tried", "Old values tried"),
    ("incident.said_refused", "Said to be refused"),
    ("incident.tasks_changed", "Follow-up tasks changed"),
    ("incident.reported", "Report written"),
    ("incident.closed", "Incident closed"),
    ("rotation.asked_to_continue", "Somebody asked to continue"),
    ("rotation.asked_to_pause", "Somebody asked to pause"),
    ("rotation.asked_to_resume", "Somebody asked to resume"),
    ("rotation.asked_to_retry", "Somebody asked to try again"),
    ("rotation.asked_to_undo", "Somebody asked to undo"),
    ("rotation.cannot_be_undone", "It cannot be undone any more"),
    ("rotation.cannot_be_verified", "The new value cannot be tried at this issuer"),
    ("rotation.checked", "Consumers looked at"),
    ("rotation.clock_turned_back", "The clock was turned back: waits begin anew"),
    ("rotation.created", "New value made and kept"),
    ("rotation.creating", "New value asked for"),
    ("rotation.deactivated", "Old value switched off"),
    ("rotation.delivered", "New value delivered to every consumer"),
    ("rotation.delivering", "Delivery begun"),
    ("rotation.done", "Rotation done"),
    ("rotation.hastened", "The open rotation makes haste"),
    ("rotation.left_for_haste", "Ended, so that a faster rotation can begin"),
    ("rotation.left_revoked", "Ended: revoked, with nothing in its place"),
    ("rotation.lost_key_deleted", "Lost key deleted"),
    ("rotation.lost_key_found", "Lost key found at the issuer"),
    ("rotation.lost_key_gone", "Lost key is gone"),
    ("rotation.needs_attention", "Stopped: needs somebody"),
    ("rotation.not_created", "New value was not made"),
    ("rotation.old_accepted", "Old value seen to be accepted still"),
    ("rotation.old_refused", "Old value seen to be refused"),
    ("rotation.old_value_still_used", "Old value is still used; waiting on"),
    ("rotation.old_value_works", "Old value works"),
    ("rotation.paused", "Paused"),
    ("rotation.planned", "Rotation begun"),
    ("rotation.promoted", "New value is the current one"),
    ("rotation.reinstated", "Old value is back at the issuer"),
    ("rotation.removed", "New value deleted"),
    ("rotation.repeating", "Done once more"),
    ("rotation.restored", "The old value is at every consumer again"),
    ("rotation.resumed", "Resumed"),
    ("rotation.retried", "Did not work, tried again"),
    ("rotation.revocation_looked_at", "Looked whether the old value is refused"),
    ("rotation.revoked", "Old value revoked"),
    ("rotation.revoking", "Old value is about to be revoked"),
    ("rotation.said_to_be_taken_up", "Said to be taken up"),
    ("rotation.said_to_work", "Said that the new value works"),
    ("rotation.sent", "New value sent"),
    ("rotation.stepped_back", "Old value is the current one again"),
    ("rotation.sweeping", "Looking for keys left behind"),
    ("rotation.taken_up", "Every consumer uses the new value"),
    ("rotation.tried_again", "Tried again"),
    ("rotation.undoing", "Undoing"),
    ("rotation.undone", "Undone"),
    ("rotation.verified", "The issuer accepts the new value"),
    ("rotation.waiting", "Waiting"),
];
