//! What statuses mean, and how long to wait.

use keyturn_model::rotation::Why;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use crate::faults::{fault_of, retry_after};

#[test]
fn a_status_says_whether_something_may_have_been_done() {
    let why = |status| fault_of(status, None).why();
    for (status, expected) in [
        (301, Why::Unknown),
        (302, Why::Unknown),
        (399, Why::Unknown),
        (400, Why::Refused),
        (401, Why::Denied),
        (403, Why::Denied),
        (404, Why::Gone),
        (408, Why::Unknown),
        (409, Why::Conflict),
        (410, Why::Gone),
        (422, Why::Refused),
        (425, Why::Busy),
        (429, Why::Busy),
        (500, Why::Unknown),
        (502, Why::Unknown),
        (503, Why::Unknown),
        (504, Why::Unknown),
        (599, Why::Unknown),
        (999, Why::Unknown),
    ] {
        assert_eq!(why(status), expected, "{status}");
    }
}

#[test]
fn the_time_to_wait_comes_in_seconds_or_as_a_date() {
    let after = |said: &'static str, date: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(said));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers)
    };
    let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(after("120", None), Some(120));
    assert_eq!(after("99999999999", None), Some(u32::MAX));
    assert_eq!(after("Sun, 06 Nov 1994 08:51:07 GMT", now), Some(90));
    assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(0));
    assert_eq!(after("Sun, 06 Nov 1994 08:51:07 GMT", None), None);
    for nonsense in ["", "-5", "soon", "1.5"] {
        assert_eq!(after(nonsense, now), None, "{nonsense}");
    }
    assert_eq!(retry_after(&HeaderMap::new()), None);
}
