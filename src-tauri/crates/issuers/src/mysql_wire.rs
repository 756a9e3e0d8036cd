//! What MySQL and MariaDB share: what is looked at, the names, and what an error means.

use keyturn_model::rotation::Fault;
use keyturn_outbound::login::not_reached;
use mysql_async::{Conn, Error, ServerError, prelude::Queryable};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::database::{Need, Tested, version};

/// One of the two kinds of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    MySql,
    MariaDb,
}

impl Product {
    fn name(self) -> &'static str {
        match self {
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
        }
    }
}

/// What the server is, and its version in words and in numbers.
async fn product(conn: &mut Conn) -> Result<(Product, String, (u16, u16, u16)), Fault> {
    let said: Option<String> = conn.query_first("SELECT VERSION()").await.map_err(fault)?;
    let said = version(&said.ok_or(Fault::Unknown)?);
    let of = if said.contains("MariaDB") { Product::MariaDb } else { Product::MySql };
    let mut numbers = said.split(|it: char| !it.is_ascii_digit()).map(|it| it.parse().unwrap_or(0));
    let mut number = || numbers.next().unwrap_or(0);
    let numbers = (number(), number(), number());
    Ok((of, said, numbers))
}

/// What a login needs on one of the two, and how each need is looked for.
pub(crate) struct Wanted {
    pub(crate) product: Product,
    /// The first version that has all that is used.
    pub(crate) first: (u16, u16, u16),
    /// Where accounts are kept.
    pub(crate) table: &'static str,
    /// To change accounts, to read them, to see sessions, to end sessions.
    pub(crate) needs: &'static [Need; 4],
}

/// Looks what the server is, and what its login may do. Changes nothing.
pub(crate) async fn look(conn: &mut Conn, wanted: &Wanted) -> Result<Tested, Fault> {
    let (product, version, numbers) = product(conn).await?;
    // The name of a user may have an at sign in it, that of a computer not.
    let mine = "SELECT p.PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES p, \
        (SELECT CURRENT_USER() me, SUBSTRING_INDEX(CURRENT_USER(), '@', -1) host) u \
        WHERE p.GRANTEE = CONCAT('''', LEFT(u.me, CHAR_LENGTH(u.me) - CHAR_LENGTH(u.host) - 1), \
        '''@''', u.host, '''') LIMIT 500";
    let has: Vec<String> = conn.query(mine).await.map_err(fault)?;
    let reads = conn.query_drop(format!("SELECT 1 FROM {} LIMIT 0", wanted.table)).await;
    let reads = match reads.map_err(fault) {
        Ok(()) => true,
        Err(Fault::Denied | Fault::Refused) => false,
        Err(fault) => return Err(fault),
    };
    let [change, read, see, end] = *wanted.needs;
    let may = |need: &Need| {
        if *need == read { reads } else { has.iter().any(|it| it == need.permission) }
    };
    Ok(Tested {
        product: product.name(),
        version,
        fits: product == wanted.product && numbers >= wanted.first,
        lacks: [change, read, see, end].into_iter().filter(|need| !may(need)).collect(),
    })
}

/// Whether what was found is enough for a run.
pub(crate) fn is_enough(tested: &Tested, end_sessions: bool) -> bool {
    tested.fits && tested.lacks.iter().all(|need| need.for_sessions && !end_sessions)
}

/// Has the server be what it was set up as: the other one takes the same words for something else.
pub(crate) async fn must_be(conn: &mut Conn, wanted: &Wanted) -> Result<(), Fault> {
    let (product, _, numbers) = product(conn).await?;
    let fits = product == wanted.product && numbers >= wanted.first;
    fits.then_some(()).ok_or(Fault::Refused)
}

/// Closes the connections that were made as this user.
pub(crate) async fn end_sessions(conn: &mut Conn, user: &str) -> Result<(), Fault> {
    let all = "SELECT ID FROM information_schema.PROCESSLIST \
        WHERE USER = ? AND ID <> CONNECTION_ID() LIMIT 10000";
    let sessions: Vec<u64> = conn.exec(all, (user,)).await.map_err(|_| Fault::Unknown)?;
    for session in sessions {
        match conn.query_drop(format!("KILL CONNECTION {session}")).await {
            // Gone by itself.
            Ok(()) | Err(Error::Server(ServerError { code: 1094, .. })) => {}
            Err(_) => return Err(Fault::Unknown),
        }
    }
    Ok(())
}

/// An account as a statement names it. Backticks mean the same in every mode of the server.
pub(crate) fn account(user: &str, host: &str) -> String {
    format!("`{}`@`{}`", user.replace('`', "``"), host.replace('`', "``"))
}

/// What `mysql_native_password` keeps of a password.
pub(crate) fn native_hash(password: &SecretString) -> Zeroizing<String> {
    let once = Zeroizing::new(Sha1::digest(password.expose_secret().as_bytes()).to_vec());
    let twice = Sha1::digest(&*once);
    let digits = twice.iter().map(|byte| format!("{byte:02X}"));
    Zeroizing::new(std::iter::once("*".to_owned()).chain(digits).collect())
}

/// What it means when a statement fails; the server's words are dropped.
pub(crate) fn fault(error: Error) -> Fault {
    let Error::Server(ServerError { code, .. }) = error else { return Fault::Unknown };
    match code {
        1044 | 1045 | 1142 | 1143 | 1227 => Fault::Denied,
        1396 => Fault::Gone,
        1205 | 1213 => not_reached(),
        // Of another version or product, read only, against the rules for passwords.
        1054 | 1064 | 1109 | 1146 | 1290 | 1372 | 1470 | 1524 | 1819 | 1836 | 3638 | 3878
        | 3894 => Fault::Refused,
        _ => Fault::Unknown,
    }
}
