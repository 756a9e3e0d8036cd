//! What is wrong with a database server as it is set up.

use keyturn_model::setup::{Server, SetupFault, SetupWhy, Tls};

use crate::dial::{host_fault, is_here};

const LONGEST_NAME: usize = 256;

/// What is wrong with a server as it is set up.
#[must_use]
pub fn faults(server: &Server) -> Vec<SetupFault> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, why| faults.push(SetupFault::new(field, why));
    if let Some(why) = host_fault(&server.host) {
        fault("host", why);
    }
    if server.port == 0 {
        fault("port", SetupWhy::Number);
    }
    for (field, name) in [("database", &server.database), ("user", &server.user)] {
        if name.len() > LONGEST_NAME {
            fault(field, SetupWhy::TooLong);
        } else if name.contains('\0') {
            fault(field, SetupWhy::Characters);
        }
    }
    if server.tls == Tls::Off && !is_here(&server.host) {
        fault("tls", SetupWhy::Readable);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, tls: Tls) -> Server {
        Server { host: host.into(), port: 1, database: String::new(), user: "a".into(), tls }
    }

    #[test]
    fn a_password_goes_in_the_clear_only_within_this_computer() {
        for here in ["localhost", "db.localhost", "127.0.0.1", "127.9.9.9", "::1"] {
            assert_eq!(faults(&server(here, Tls::Off)), [], "{here}");
        }
        let readable = [SetupFault::new("tls", SetupWhy::Readable)];
        for away in
            ["db.example.com", "10.0.0.1", "localhost.example.com", "0x7f.1", "127.0.0.1.nip.io"]
        {
            assert_eq!(faults(&server(away, Tls::Off)), readable, "{away}");
            assert_eq!(faults(&server(away, Tls::Verified)), [], "{away}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_a_number_and_nothing_else() {
        let why = |host: &str| faults(&server(host, Tls::Verified)).pop().map(|it| it.why);
        assert_eq!(why(""), Some(SetupWhy::Missing));
        assert_eq!(why("/var/run/postgresql"), Some(SetupWhy::Characters));
        assert_eq!(why("user@db.example.com"), Some(SetupWhy::Characters));
        assert_eq!(why(&"a".repeat(254)), Some(SetupWhy::TooLong));
        assert_eq!(why("fd12:3456::1"), None);
        assert_eq!(why("fe80::1"), Some(SetupWhy::Forbidden));
    }
}
