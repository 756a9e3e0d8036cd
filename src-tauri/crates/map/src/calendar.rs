//! Planned rotations and expiries as a calendar file (RFC 5545). Names and dates; never a value.

use keyturn_model::Timestamp;

use crate::Timeline;

/// Bytes of a line, without its end.
const LINE: usize = 75;

/// What the timeline shows as a calendar: an event for each planned rotation and each expiry.
#[must_use]
pub fn calendar(timeline: &Timeline) -> String {
    let mut text = String::new();
    for fixed in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Keyturn//Timeline//EN"] {
        line(&mut text, fixed);
    }
    let rows = &timeline.rows;
    let all = rows.id.iter().zip(&rows.name).zip(rows.planned.iter().zip(&rows.expires));
    for ((id, name), (planned, expires)) in all {
        for (what, word, at) in [("rotation", "Rotate", planned), ("expiry", "Expires:", expires)] {
            if let Some(at) = at {
                event(
                    &mut text,
                    timeline.now,
                    &format!("{what}-{id}"),
                    &format!("{word} {name}"),
                    *at,
                );
            }
        }
    }
    line(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, now: Timestamp, id: &str, summary: &str, at: Timestamp) {
    let moment = |at: Timestamp| at.utc().format("%Y%m%dT%H%M%SZ").to_string();
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{id}@keyturn"));
    line(text, &format!("DTSTAMP:{}", moment(now)));
    line(text, &format!("DTSTART:{}", moment(at)));
    line(text, &format!("SUMMARY:{}", escaped(summary)));
    line(text, "TRANSP:TRANSPARENT");
    line(text, "END:VEVENT");
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => safe.extend(['\\', character]),
            '\n' => safe.push_str("\\n"),
            other if other.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// Writes a line, folded where it is too long, never within a character.
fn line(text: &mut String, whole: &str) {
    let mut room = LINE;
    for character in whole.chars() {
        let bytes = character.len_utf8();
        if bytes > room {
            text.push_str("\r\n ");
            room = LINE - 1;
        }
        text.push(character);
        room -= bytes;
    }
    text.push_str("\r\n");
}
