//! An issuer of database logins. What a server's own language says is behind [`Dialect`]; whose turn it is,
//! and which users may be touched at all, is decided here.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    Entropy, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
    setup::RotationSetup,
};
use keyturn_outbound::login::Login;
use secrecy::SecretString;
use zeroize::Zeroizing;

const PASSWORD: &str = "password";
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH: usize = 40;

/// How one user is kept from another, and how many passwords one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The user stays, and has one password at a time.
    Replaced,
    /// The user stays, and has two passwords for a while.
    Beside,
    /// Two users take turns, each with one password at a time.
    Other,
}

/// What one kind of server says in its own language. Each call is a connection of its own.
pub(crate) trait Dialect: Send + Sync + 'static {
    /// How a user that stays gets a new password.
    const IN_PLACE: Turn;
    /// Two users can take turns.
    const TAKES_TURNS: bool;
    /// The most passwords of a user that stays.
    const MOST: Option<u32>;

    /// Whether the server can have a user of such a name, and does not cut it off.
    fn is_name(user: &str) -> bool;

    /// When the server ends a password by itself that is put now: at the earliest.
    fn ends(&self) -> Option<Timestamp> {
        None
    }

    /// Whether the login of the account may do what is needed for these users.
    fn standing(&self, users: &[&str], turn: Turn) -> impl Looking<Standing>;

    /// Whether the server lets somebody in.
    fn accepts(&self, login: Login<'_>) -> impl Looking<bool>;

    /// Has the server accept a password.
    fn put(&self, login: Login<'_>, turn: Turn) -> impl Looking<()>;

    /// Has the server refuse a password. [`Fault::Gone`] when it is not one of the user's.
    fn delete(&self, login: Login<'_>, turn: Turn) -> impl Looking<()>;
}

/// An answer to come.
pub(crate) trait Looking<T>: Future<Output = Result<T, Fault>> + Send {}
impl<T, F: Future<Output = Result<T, Fault>> + Send> Looking<T> for F {}

/// The users that one credential has on one server.
struct Logins<D> {
    dialect: D,
    /// The open fields of the current value.
    current: BTreeMap<String, String>,
    /// Those that take turns.
    users: Vec<String>,
    /// Who logs in to change the others, and is never changed.
    own: String,
}

/// An issuer that speaks this dialect; `own` is who logs in to change the others.
pub(crate) fn issuer<D: Dialect>(
    dialect: D,
    own: &str,
    setup: &RotationSetup,
    current: &BTreeMap<String, String>,
) -> Arc<dyn Issuer> {
    Arc::new(Logins {
        dialect,
        current: current.clone(),
        users: setup.users.clone(),
        own: own.to_owned(),
    })
}

impl<D: Dialect> Logins<D> {
    fn turn(&self) -> Turn {
        if self.users.is_empty() { D::IN_PLACE } else { Turn::Other }
    }

    fn user(&self) -> &str {
        self.current.get("user").map_or("", String::as_str)
    }

    /// Those that may be changed; none, where it is not set up as it has to be.
    fn looked_after(&self) -> Vec<&str> {
        let users: Vec<&str> = match self.users.as_slice() {
            [] => vec![self.user()],
            [one, other] if D::TAKES_TURNS && one != other => vec![one, other],
            _ => Vec::new(),
        };
        let good = |user: &&str| !user.is_empty() && D::is_name(user) && *user != self.own;
        if users.iter().all(good) { users } else { Vec::new() }
    }

    /// Who has the next turn.
    fn next(&self) -> &str {
        let mut others = self.users.iter().filter(|it| *it != self.user());
        others.next().map_or(self.user(), String::as_str)
    }

    fn login<'a>(&self, held: &'a Held) -> Result<Login<'a>, Fault> {
        let open = |name| held.value.fields.get(name).map_or("", String::as_str);
        let user = if self.turn() == Turn::Other && open("user").is_empty() {
            held.key.as_str()
        } else {
            open("user")
        };
        let (_, password) =
            held.value.secrets.iter().find(|(name, _)| name == PASSWORD).ok_or(Fault::Refused)?;
        let known = self.looked_after().contains(&user);
        known.then_some(Login { user, password, database: open("database") }).ok_or(Fault::Refused)
    }
}

impl<D: Dialect> Issuer for Logins<D> {
    fn abilities(&self) -> Abilities {
        let turn = self.turn();
        Abilities {
            making: if turn == Turn::Replaced { Making::Replaced } else { Making::Added },
            verify: true,
            list: false,
            marks: false,
            last_used: false,
            deactivate: false,
            lingers: false,
            propagation_s: 0,
            most_live: if turn == Turn::Beside { D::MOST } else { None },
            same_answer_s: 0,
        }
    }

    fn propose(&self, entropy: &dyn Entropy) -> Held {
        let user = self.next();
        // Two passwords of one user need two names; these say nothing about the passwords.
        let key = match self.turn() {
            Turn::Beside => format!("{user}-{}", &*random::<8>(entropy)),
            Turn::Replaced | Turn::Other => user.to_owned(),
        };
        let mut fields = self.current.clone();
        fields.insert("user".to_owned(), user.to_owned());
        let password = SecretString::from(random::<LENGTH>(entropy).as_str());
        let secrets = vec![(PASSWORD.to_owned(), password)];
        Held { key, value: Value { fields, secrets, expires: self.dialect.ends() } }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async {
            let users = self.looked_after();
            let set_up = users.contains(&self.user());
            if !set_up {
                return Ok(Standing { allowed: Some(false), keys: None });
            }
            self.dialect.standing(&users, self.turn()).await
        })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        never()
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async { self.dialect.accepts(self.login(held)?).await })
    }

    fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        never()
    }

    fn put<'a>(&'a self, _: &'a str, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async {
            let login = self.login(held)?;
            // The one in use keeps its password until the other is in use.
            if self.turn() == Turn::Other && login.user == self.user() {
                return Err(Fault::Refused);
            }
            self.dialect.put(login, self.turn()).await
        })
    }

    fn mint<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        never()
    }

    fn deactivate<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        never()
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { self.dialect.delete(self.login(held)?, self.turn()).await })
    }
}

/// What no database login has.
fn never<'a, T: Send + 'a>() -> Answer<'a, Result<T, Fault>> {
    Box::pin(async { Err(Fault::Refused) })
}

/// Letters and digits, each as likely as any other.
fn random<const LENGTH: usize>(entropy: &dyn Entropy) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    let mut bytes = Zeroizing::new([0_u8; 64]);
    // Bytes above the last whole alphabet would make its first letters likelier.
    let whole = u8::MAX - u8::MAX % 62;
    while text.len() < LENGTH {
        entropy.fill(&mut *bytes);
        let letters = bytes.iter().filter(|byte| **byte < whole);
        let letters = letters.filter_map(|byte| ALPHABET.get(usize::from(byte % 62)));
        let wanted = LENGTH - text.len();
        text.extend(letters.take(wanted).map(|letter| char::from(*letter)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    /// Every byte in its turn.
    struct Counting(AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::SeqCst));
        }
    }

    #[test]
    fn a_password_is_made_of_letters_and_digits_of_which_none_is_likelier() {
        let entropy = Counting(AtomicU8::new(0));
        // All bytes but the eight that do not fit are four whole alphabets.
        let all = random::<248>(&entropy);
        for letter in ALPHABET {
            assert_eq!(all.bytes().filter(|it| it == letter).count(), 4);
        }
        assert_eq!(random::<LENGTH>(&entropy).len(), LENGTH);
    }

    struct Nobody;

    impl Dialect for Nobody {
        const IN_PLACE: Turn = Turn::Beside;
        const TAKES_TURNS: bool = true;
        const MOST: Option<u32> = Some(2);

        fn is_name(user: &str) -> bool {
            user.len() < 10
        }

        async fn standing(&self, _: &[&str], _: Turn) -> Result<Standing, Fault> {
            Err(Fault::Unknown)
        }

        async fn accepts(&self, _: Login<'_>) -> Result<bool, Fault> {
            Err(Fault::Unknown)
        }

        async fn put(&self, _: Login<'_>, _: Turn) -> Result<(), Fault> {
            Err(Fault::Unknown)
        }

        async fn delete(&self, _: Login<'_>, _: Turn) -> Result<(), Fault> {
            Err(Fault::Unknown)
        }
    }

    fn logins(users: &[&str], current: &str) -> Logins<Nobody> {
        Logins {
            dialect: Nobody,
            current: [("user".to_owned(), current.to_owned())].into(),
            users: users.iter().map(ToString::to_string).collect(),
            own: "own".to_owned(),
        }
    }

    #[test]
    fn only_users_that_are_set_up_and_not_the_login_itself_are_looked_after() {
        assert_eq!(logins(&[], "app").looked_after(), ["app"]);
        assert_eq!(logins(&["a", "b"], "a").looked_after(), ["a", "b"]);
        let none: [&[&str]; 6] = [
            &["a"],
            &["a", "a"],
            &["a", "b", "c"],
            &["a", ""],
            &["a", "own"],
            &["a", "much too long"],
        ];
        for users in none {
            assert_eq!(logins(users, "a").looked_after(), [""; 0], "{users:?}");
        }
        for user in ["", "own", "much too long"] {
            assert_eq!(logins(&[], user).looked_after(), [""; 0], "{user}");
        }
    }

    #[test]
    fn the_next_turn_is_that_of_the_one_that_is_not_in_use() {
        let entropy = Counting(AtomicU8::new(0));
        for (current, next) in [("a", "b"), ("b", "a")] {
            let held = logins(&["a", "b"], current).propose(&entropy);
            assert_eq!((held.key.as_str(), held.value.fields["user"].as_str()), (next, next));
        }
        let stays = logins(&[], "a");
        let (one, other) = (stays.propose(&entropy), stays.propose(&entropy));
        assert_eq!(one.value.fields, other.value.fields);
        assert_ne!(one.key, other.key, "two that live at once have two names");
    }
}
