//! Rotation in a real vault: what was made is never lost, and a run goes on where it was.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails here"
)]

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use futures_util::FutureExt;
use keyturn_engine::{
    Around, Asked, BeginFault, BindingAsked, Driven, OrphanFault, Rest, ask, begin, drive,
    find_orphans, next_action, remove_orphan, run_to_rest,
};
use keyturn_model::{
    AccountId, BindingId, Clock, CredentialId, Entropy, Kind, Metadata, PolicyChoice, Query,
    SortBy, Stage, Status, Timestamp,
    rotation::{
        Abilities, Answer, Change, Consumer, Entry, Fault, Health, Held, InInbox, Issuer,
        JournalFault, Listed, Making, Minted, Next, Order, Orphan, Outside, Reload, Run, Side,
        Standing, State, Trouble, Uptake, Value, Why, Wish,
    },
    setup::{
        self, BindingSetup, Deployment, HealthCheck, IssuerSetup, Looks, Reloading, RotationSetup,
        Sending,
    },
};
use keyturn_testkit::{Bench, StandingClock, addition, metadata, name, quiet};
use keyturn_vault::{
    Addition, Draft, Many, NewValue, Renewal, RunJournal, Taken, TakenBack, Told, Vault,
    VaultError, WhichRuns,
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

/// An issuer that makes values and accepts those that live.
#[derive(Default)]
struct Minting {
    live: Mutex<Vec<(String, String, String)>>,
    refuses_to_delete: bool,
    /// A person makes and deletes.
    by_hand: bool,
    /// It does not answer.
    down: AtomicBool,
    /// How often it was asked something.
    asked: AtomicU32,
    /// When it ends what it makes.
    ends: Option<Timestamp>,
    /// When it says that its keys were last used.
    used: Option<Timestamp>,
}

/// Another run is open.
fn refused() -> BeginFault {
    BeginFault::Journal(JournalFault::Changed)
}

fn value(text: &str) -> Value {
    let secrets = vec![("secret".to_owned(), SecretString::from(text))];
    Value {
        // It has no public half: one of the value before goes.
        fields: BTreeMap::from([
            ("keyId".into(), format!("id of {text}")),
            ("publicKey".into(), String::new()),
        ]),
        secrets,
        expires: None,
    }
}

fn text(value: &Value) -> &str {
    value.secrets[0].1.expose_secret()
}

/// What a value tells here: its key, and when it ends where that stands in a field of its own.
fn tells(_: Kind, fields: &BTreeMap<String, String>, secrets: &[(String, SecretString)]) -> Told {
    let facts = format!("{{\"of\":\"{}\"}}", secrets[0].1.expose_secret());
    Told { facts, expires: fields.get("ends").and_then(|it| it.parse().ok()).map(Timestamp) }
}

impl Minting {
    fn answer<T>(&self, it: T) -> Result<T, Fault> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) { Err(Fault::Unknown) } else { Ok(it) }
    }
}

impl Issuer for Minting {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: Making::Minted,
            verify: !self.by_hand,
            list: !self.by_hand,
            marks: !self.by_hand,
            last_used: self.used.is_some(),
            deactivate: false,
            lingers: false,
            propagation_s: 0,
            most_live: None,
            same_answer_s: 0,
        }
    }
    fn propose(&self, _: &dyn Entropy) -> Held {
        Held { key: String::new(), value: Value::default() }
    }
    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        let answer = self.answer(Standing { allowed: Some(true), keys: None });
        async { answer }.boxed()
    }
    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        let live = self.live.lock().expect("not poisoned");
        let listed = live.iter().map(|(key, mark, _)| Listed {
            key: key.clone(),
            mark: Some(mark.clone()).filter(|mark| !mark.is_empty()),
            active: true,
        });
        let answer = self.answer(listed.collect());
        async { answer }.boxed()
    }
    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        let live = self.live.lock().expect("not poisoned");
        let answer = self.answer(live.iter().any(|(_, _, it)| it == text(&held.value)));
        async { answer }.boxed()
    }
    fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        async { Ok(self.used) }.boxed()
    }
    fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        async { Err(Fault::Refused) }.boxed()
    }
    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        if self.by_hand {
            return async { Err(Fault::ByHand) }.boxed();
        }
        let mut live = self.live.lock().expect("not poisoned");
        let number = live.len() + 1;
        let (key, made) = (format!("AK{number}"), format!("fixture-minted-{number}"));
        live.push((key.clone(), mark.to_owned(), made.clone()));
        let value = Value { expires: self.ends, ..value(&made) };
        async move { Ok(Held { key, value }) }.boxed()
    }
    fn deactivate<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        async { Err(Fault::Refused) }.boxed()
    }
    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        if self.refuses_to_delete || self.by_hand {
            let fault = if self.by_hand { Fault::ByHand } else { Fault::Denied };
            return async { Err(fault) }.boxed();
        }
        self.live.lock().expect("not poisoned").retain(|(key, ..)| *key != held.key);
        async { Ok(()) }.boxed()
    }
}

/// A consumer that a person brings the value to.
struct Somebody;

impl Consumer for Somebody {
    fn uptake(&self) -> Uptake {
        Uptake {
            reload: Reload::Manual,
            read_back: false,
            tells: false,
            looks: Looks::default(),
            takes_s: 60,
            away_s: 0,
        }
    }
    fn ready(&self) -> Answer<'_, Result<(), Fault>> {
        async { Ok(()) }.boxed()
    }
    fn holds<'a>(&'a self, _: &'a Value) -> Answer<'a, Result<bool, Fault>> {
        async { Ok(false) }.boxed()
    }
    fn deliver<'a>(&'a self, _: &'a Value, _: &'a Value) -> Answer<'a, Result<(), Fault>> {
        async { Err(Fault::ByHand) }.boxed()
    }
    fn reload(&self) -> Answer<'_, Result<(), Fault>> {
        async { Err(Fault::ByHand) }.boxed()
    }
    /// Nobody but a person can tell.
    fn check<'a>(&'a self, _: &'a Value) -> Answer<'a, Result<Health, Fault>> {
        async { Ok(Health::NotYet) }.boxed()
    }
}

/// Waiting takes no time here.
struct World(Arc<Minting>, Arc<StandingClock>);

impl Outside for World {
    fn issuer(&self, _: &Run) -> Option<Arc<dyn Issuer>> {
        Some(Arc::clone(&self.0) as Arc<dyn Issuer>)
    }
    fn consumer(&self, _: BindingId) -> Option<Arc<dyn Consumer>> {
        Some(Arc::new(Somebody))
    }
    fn until(&self, moment: Timestamp) -> Answer<'_, ()> {
        self.1.go(moment.seconds_since(self.1.now()) + 1);
        async {}.boxed()
    }
}

struct Here {
    bench: Bench,
    vault: Option<Arc<Vault>>,
    issuer: Arc<Minting>,
    credential: CredentialId,
    account: AccountId,
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("made").block_on(future)
}

impl Here {
    fn new() -> Self {
        let bench = Bench::new();
        let (vault, _) = bench.create().expect("made");
        let known = Metadata { kind: Kind::ApiKey, ..metadata("payment-gateway") };
        let credential = vault.add(&addition(known, "fixture-old")).expect("added");
        let setup = IssuerSetup::Sandbox { address: "http://127.0.0.1:1".into() }.into();
        let secrets = [("token".to_owned(), SecretString::from("fixture-token"))];
        let account =
            vault.save_account(None, 0, &name("Sandbox"), &setup, &secrets).expect("saved");
        let issuer = Arc::new(Minting::default());
        issuer.live.lock().expect("not poisoned").push((
            "AK0".into(),
            String::new(),
            "fixture-old".into(),
        ));
        Self { bench, vault: Some(Arc::new(vault)), issuer, credential, account }
    }

    fn vault(&self) -> &Arc<Vault> {
        self.vault.as_ref().expect("it is open")
    }

    fn around(&self) -> Around {
        let journal = RunJournal::of(self.vault(), tells, || {}).expect("there");
        let around = &self.bench.surroundings;
        Around::new(
            Arc::new(journal),
            Arc::new(World(Arc::clone(&self.issuer), Arc::clone(&self.bench.clock))),
            Arc::clone(&around.clock),
            Arc::clone(&around.entropy),
            Driven::default(),
        )
    }

    fn asked(&self) -> Asked {
        Asked {
            order: Order::Usual,
            credential: self.credential,
            old_key: "AK0".into(),
            account: self.account,
            logs_in_with: None,
            abilities: self.issuer.abilities(),
            bindings: Vec::new(),
            cuts_off: BTreeMap::new(),
            at_once: 4,
            grace_s: 0,
            consent: false,
        }
    }

    fn stages(&self) -> Vec<(i64, Stage, String)> {
        let (credential, _) = self.vault().credential(self.credential).expect("read");
        let versions = credential.versions.iter();
        versions.map(|it| (it.number, it.stage, it.key_id.clone())).collect()
    }

    fn current(&self) -> String {
        let values = self.vault().open_values(self.credential).expect("opened");
        values[0].1.expose_secret().to_owned()
    }

    /// A file says another value of the credential.
    fn renewal(&self) -> Renewal {
        let (credential, facts) = self.vault().credential(self.credential).expect("read");
        Renewal {
            id: self.credential,
            version: credential.row.version,
            metadata: credential.metadata,
            key_id: String::new(),
            facts,
            secrets: vec![("secret".into(), SecretString::from("fixture-in-the-file"))],
            rotated: None,
        }
    }

    /// Locks the vault and unlocks it again.
    fn lock_and_unlock(&mut self) {
        let vault = self.vault.take().expect("it is open");
        drop(Arc::into_inner(vault).expect("nobody else has it"));
        self.vault = Some(Arc::new(self.bench.unlock().expect("unlocked")));
    }
}

#[test]
fn a_run_takes_a_credential_from_its_old_value_to_a_new_one() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(begin(&around, &here.asked())).expect_err("one at a time"), refused());
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    assert_eq!(here.current(), "fixture-minted-2");
    assert_eq!(
        here.stages(),
        [(2, Stage::Current, "AK2".into()), (1, Stage::Retired, String::new())]
    );
    let (credential, _) = here.vault().credential(here.credential).expect("read");
    assert_eq!(credential.counters.rotations, 1);
    assert_eq!(credential.metadata.fields["keyId"], "id of fixture-minted-2");
    let live: Vec<String> =
        here.issuer.live.lock().expect("not poisoned").iter().map(|it| it.0.clone()).collect();
    assert_eq!(live, ["AK2"]);
    let kept = here.vault().run(run).expect("read").expect("there");
    assert_eq!((kept.run.state, kept.old_version, kept.new_version), (State::Done, 1, Some(2)));
    let steps = here.vault().run_steps(run).expect("read");
    assert_eq!(steps.first().map(|step| step.action.as_str()), Some("rotation.planned"));
    assert_eq!(steps.last().map(|step| step.state.as_str()), Some("done"));
    here.vault().check().expect("whole");
    assert!(here.vault().runs(None, WhichRuns::Open, 10).expect("read").is_empty());
}

/// The current value is given a field of the person's own, and these open fields and end.
fn replaced(here: &Here, fields: &[(&str, &str)], expires: Option<Timestamp>) {
    let (credential, _) = here.vault().credential(here.credential).expect("read");
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let new = NewValue {
        fields: fields.collect(),
        expires,
        secrets: vec![("+pin".into(), SecretString::from("fixture-pin"))],
        key_id: String::new(),
        facts: "{}".into(),
    };
    here.vault().replace_value(here.credential, credential.row.version, &new).expect("replaced");
}

fn rotated(here: &Here) {
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
}

#[test]
fn the_end_of_a_new_value_takes_the_place_of_the_old_ones_also_where_it_has_none() {
    for ends in [Some(Timestamp(1_900_000_000_000)), None] {
        let mut here = Here::new();
        let live = here.issuer.live.lock().expect("not poisoned").clone();
        here.issuer = Arc::new(Minting { live: live.into(), ends, ..Minting::default() });
        replaced(&here, &[], Some(Timestamp(1_800_000_000_000)));
        rotated(&here);
        let (credential, _) = here.vault().credential(here.credential).expect("read");
        assert_eq!(credential.metadata.expires, ends);
    }
}

#[test]
fn what_a_value_tells_of_itself_is_read_when_it_comes_in_force() {
    let mut here = Here::new();
    let live = here.issuer.live.lock().expect("not poisoned").clone();
    let ends = Some(Timestamp(1_900_000_000_000));
    here.issuer = Arc::new(Minting { live: live.into(), ends, ..Minting::default() });
    replaced(&here, &[("ends", "1850000000000")], None);
    rotated(&here);
    let (credential, facts) = here.vault().credential(here.credential).expect("read");
    assert_eq!(facts, "{\"of\":\"fixture-minted-2\"}");
    // What it says itself counts more than what the issuer said.
    assert_eq!(credential.metadata.expires, Some(Timestamp(1_850_000_000_000)));
}

/// The open fields of the credential.
fn fields(here: &Here) -> Vec<(String, String)> {
    here.vault().credential(here.credential).expect("read").0.metadata.fields.into_iter().collect()
}

/// A person says something else in an open field.
fn edited(here: &Here, field: &str, text: &str) {
    let (credential, facts) = here.vault().credential(here.credential).expect("read");
    let mut metadata = credential.metadata;
    metadata.fields.insert(field.into(), text.into());
    let current = credential.versions.iter().find(|it| it.stage == Stage::Current).expect("one");
    here.vault()
        .change(here.credential, credential.row.version, &metadata, &current.key_id, &facts)
        .expect("changed");
}

#[test]
fn a_run_and_its_undo_touch_only_the_open_fields_that_its_value_brings() {
    let here = Here::new();
    let before = [("host", "before"), ("keyId", "id of before"), ("publicKey", "before")];
    replaced(&here, &before, None);
    let (around, ours) = (here.around(), World(Arc::clone(&here.issuer), here.bench.clock.clone()));
    let run = block(begin(&around, &Asked { grace_s: 3_600, ..here.asked() })).expect("begun");
    let loaded = || block(around.journal.load(run)).expect("read").run;
    let kept = |side| block(around.journal.value(run, side)).expect("kept").fields;
    let until = |reached: fn(&State) -> bool| {
        while !reached(&loaded().state) {
            match block(drive(&around, run)).expect("driven") {
                Rest::Until(_) if reached(&loaded().state) => {}
                Rest::Until(moment) => block(ours.until(moment)),
                rest => assert!(reached(&loaded().state), "{rest:?}"),
            }
        }
    };
    edited(&here, "host", "while it began");
    until(|state| matches!(state, State::Grace { .. }));
    let as_pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let made = ("keyId", "id of fixture-minted-2");
    assert_eq!(fields(&here), as_pairs(&[("host", "while it began"), made]));
    edited(&here, "host", "in the grace period");
    edited(&here, "port", "new");
    assert_eq!(kept(Side::Old)["keyId"], "id of before");
    for side in [Side::Old, Side::New] {
        assert_eq!(kept(side)["host"], "in the grace period");
    }

    block(ask(&around, &loaded(), Wish::Undo)).expect("asked");
    until(|state| *state == State::Aborted);
    let edited = [("host", "in the grace period"), before[1], ("port", "new"), before[2]];
    assert_eq!(fields(&here), as_pairs(&edited));
}

#[test]
fn what_only_the_new_value_brought_goes_with_it() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &Asked { grace_s: 3_600, ..here.asked() })).expect("begun");
    while !matches!(block(around.journal.load(run)).expect("read").run.state, State::Grace { .. }) {
        block(drive(&around, run)).expect("driven");
    }
    assert_eq!(fields(&here).len(), 1);
    let seen = block(around.journal.load(run)).expect("read").run;
    block(ask(&around, &seen, Wish::Undo)).expect("asked");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Aborted);
    assert_eq!(fields(&here), []);
}

#[test]
fn a_secret_that_a_rotation_does_not_change_stays_beside_the_new_value() {
    let here = Here::new();
    replaced(&here, &[], None);
    let run = block(begin(&here.around(), &here.asked())).expect("begun");
    let around = here.around();
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    let kept = here.vault().open_values(here.credential).expect("opened");
    let new = block(around.journal.value(run, Side::New)).expect("kept").secrets;
    for secrets in [kept, new] {
        let secrets: Vec<_> =
            secrets.iter().map(|(name, it)| (name.as_str(), it.expose_secret())).collect();
        // The one that the credential is about comes first.
        assert_eq!(secrets, [("secret", "fixture-minted-2"), ("+pin", "fixture-pin")]);
    }
}

#[test]
fn what_was_made_while_the_vault_was_locked_is_taken_from_the_inbox_at_the_next_unlocking() {
    let mut here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let journal = Arc::clone(&around.journal);
    // As far as the intent; then the vault is locked while the issuer is asked.
    let mut intended = block(journal.load(run)).expect("read").run;
    intended.revision += 1;
    intended.state = State::Create;
    let mark = keyturn_model::rotation::Mark { text: "kt-fixture".into(), given: Timestamp(0) };
    intended.marks.push(mark);
    let entry = Entry { action: "rotation.creating", note: String::new() };
    block(journal.save(&intended, Vec::new(), entry, false)).expect("kept");
    let minted = block(here.issuer.mint("kt-fixture")).expect("made");
    here.lock_and_unlock();
    block(journal.put_in_inbox(run, "kt-fixture", &minted)).expect("kept");
    assert_eq!(block(journal.load(run)).expect_err("locked"), JournalFault::Locked);
    drop((journal, around));
    let around = here.around();
    let InInbox::Key { mark, key } =
        block(around.journal.inbox(run)).expect("read").expect("it lies there")
    else {
        panic!("it was read")
    };
    assert_eq!((mark.as_str(), key.as_str()), ("kt-fixture", "AK2"));
    assert!(block(around.journal.has_key(here.account, "AK2")).expect("read"));
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    assert_eq!(here.current(), "fixture-minted-2");
    assert!(block(around.journal.inbox(run)).expect("read").is_none());
}

#[test]
fn what_is_made_after_a_member_was_removed_can_be_opened_with_the_new_keys() {
    let here = Here::new();
    // Made before the keys changed.
    let around = here.around();
    let vault = here.vault();
    let (dana, ..) = vault.invite(&name("Dana"), keyturn_model::Role::Reader, 1).expect("invited");
    let (_, revision) = vault.members().expect("listed");
    vault.remove_member(dana, revision, &quiet).expect("removed");
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    assert_eq!(here.current(), "fixture-minted-2");
}

#[test]
fn of_two_keys_in_the_inbox_a_run_takes_the_one_that_it_goes_on_with() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    for (mark, key) in [("one", "AK8"), ("two", "AK9")] {
        let minted = Held { key: key.into(), value: value(&format!("fixture-of-{key}")) };
        block(around.journal.put_in_inbox(run, mark, &minted)).expect("kept");
    }
    let mut taken = block(around.journal.load(run)).expect("read").run;
    taken.revision += 1;
    taken.state = State::Verify;
    taken.new_key = Some("AK8".into());
    let entry = Entry { action: "rotation.created", note: String::new() };
    block(around.journal.save(&taken, vec![Change::TakeFromInbox], entry, false)).expect("kept");
    let new = block(around.journal.value(run, Side::New)).expect("read");
    assert_eq!(new.secrets[0].1.expose_secret(), "fixture-of-AK8");
}

#[test]
fn removing_a_member_takes_the_inbox_to_the_new_keys_and_leaves_what_does_not_open() {
    let mut here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    let answer = SecretSlice::from(b"<html>fixture".to_vec());
    let lost = Held { key: "AK9".into(), value: value("fixture-minted-9") };
    block(around.journal.put_unreadable(run, "torn", &answer)).expect("kept");
    block(around.journal.put_in_inbox(run, "late", &lost)).expect("kept");
    let inbox = here.bench.folder().path().join("inbox");
    let mut bytes = std::fs::read(&inbox).expect("read");
    bytes[40] ^= 1;
    std::fs::write(&inbox, &bytes).expect("written");
    let torn = 5 + bytes[0] as usize;
    let found = |here: &Here| {
        let around = here.around();
        block(around.journal.inbox(run)).expect("read")
    };
    for _ in 0..2 {
        let vault = here.vault();
        let (_, revision) = vault.members().expect("listed");
        let (dana, ..) =
            vault.invite(&name("Dana"), keyturn_model::Role::Reader, revision).expect("invited");
        let (_, revision) = vault.members().expect("listed");
        assert_eq!(vault.remove_member(dana, revision, &quiet).expect("removed"), 1);
        let entered = vault.log(None, 1).expect("read").remove(0);
        assert_eq!(
            (entered.action.as_str(), entered.detail.as_str()),
            ("member.removed", "pieces of the inbox that do not open and stay: 1")
        );
        assert!(matches!(found(&here), Some(InInbox::Key { key, .. }) if key == "AK9"));
        here.lock_and_unlock();
        assert!(matches!(found(&here), Some(InInbox::Key { mark, .. }) if mark == "late"));
    }
    let after = std::fs::read(&inbox).expect("read");
    assert_eq!(after[..torn], bytes[..torn], "nothing is deleted because it does not open");
    here.vault().check().expect("whole");
}

#[test]
fn the_inbox_holds_no_value_in_clear_and_passes_over_what_was_never_whole() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let inbox = here.bench.folder().path().join("inbox");
    let length = std::fs::metadata(&inbox).expect("there").len();
    let minted = Held { key: "AK9".into(), value: value("fixture-minted-9") };
    block(around.journal.put_in_inbox(run, "one", &minted)).expect("kept");
    let answer = SecretSlice::from(b"<html>fixture".to_vec());
    block(around.journal.put_unreadable(run, "two", &answer)).expect("kept");
    let bytes = std::fs::read(&inbox).expect("read");
    assert_eq!(bytes.len() as u64, length, "its room was taken beforehand");
    for text in ["fixture-minted-9", "<html>", "AK9"] {
        assert!(!bytes.windows(text.len()).any(|some| some == text.as_bytes()), "{text}");
    }
    // A key that was read goes before an answer that was not.
    let found = block(around.journal.inbox(run)).expect("read");
    assert!(matches!(found, Some(InInbox::Key { key, .. }) if key == "AK9"));
    let mut torn = bytes.clone();
    torn[40] ^= 1;
    std::fs::write(&inbox, &torn).expect("written");
    let found = block(around.journal.inbox(run)).expect("read");
    assert!(matches!(found, Some(InInbox::Unreadable { mark }) if mark == "two"));
    assert_eq!(std::fs::read(&inbox).expect("read"), torn, "nothing is deleted");
}

#[test]
fn an_answer_in_which_no_value_was_found_is_handed_out_counted_and_entered_as_far_as_it_is_kept() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let vault = here.vault();
    let none = vault.take_answer(run, Taken::Revealed);
    assert!(matches!(none, Err(VaultError::NoSuchValue)));
    let keep = |mark: &str, bytes: &[u8]| {
        let answer = SecretSlice::from(bytes.to_vec());
        block(around.journal.put_unreadable(run, mark, &answer)).expect("kept");
    };
    keep("one", b"<html>\xff fixture");
    let answer = vault.take_answer(run, Taken::Revealed).expect("opened");
    assert_eq!((answer.text.expose_secret(), answer.cut), ("<html>\u{fffd} fixture", false));
    keep("two", &[b'a'; 300 << 10]);
    let answer = vault.take_answer(run, Taken::Copied).expect("opened");
    assert_eq!((answer.text.expose_secret().len(), answer.cut), (256 << 10, true));
    let entries = vault.log(None, 2).expect("read");
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["rotation.answer_copied", "rotation.answer_revealed"]);
    assert!(entries.iter().all(|entry| entry.detail == format!("run {run}")));
    let (credential, _) = vault.credential(here.credential).expect("read");
    assert_eq!((credential.counters.reveals, credential.counters.copies), (1, 1));
}

#[test]
fn while_a_run_is_open_its_credential_and_who_could_cut_it_off_stay_as_they_are() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let vault = here.vault();
    let (credential, _) = vault.credential(here.credential).expect("read");
    let new = NewValue {
        fields: BTreeMap::new(),
        expires: None,
        secrets: vec![("secret".into(), SecretString::from("fixture-by-hand"))],
        key_id: String::new(),
        facts: "{}".into(),
    };
    let replaced = vault.replace_value(here.credential, credential.row.version, &new);
    assert!(matches!(replaced, Err(VaultError::Rotating)));
    let other = vault.add(&addition(metadata("other"), "fixture")).expect("added");
    let deleted = vault.delete(&[here.credential, other], "credential.deleted").expect("asked");
    assert!(matches!(&deleted[0], (name, Some(VaultError::Rotating)) if !name.is_empty()));
    assert!(matches!(&deleted[1], (name, None) if name == "other"));
    assert!(vault.credential(here.credential).is_ok() && vault.credential(other).is_err());
    assert!(matches!(vault.delete_account(here.account), Err(VaultError::InUse)));
    let (dana, ..) = vault.invite(&name("Dana"), keyturn_model::Role::Reader, 1).expect("invited");
    let (_, revision) = vault.members().expect("listed");
    let removed = vault.remove_member(dana, revision, &quiet);
    assert!(matches!(removed, Err(VaultError::RunsOpen(names)) if names == ["payment-gateway"]));
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    vault.delete(&[here.credential], "credential.deleted").expect("deleted");
    assert!(vault.run(run).expect("read").is_none(), "its history goes with it");
    vault.delete_account(here.account).expect("deleted");
    assert!(vault.setup_secrets(here.account).expect("read").is_empty());
    vault.check().expect("whole");
}

/// A run of `credential`, kept as one that has come to a state.
fn brought_to(
    here: &Here,
    around: &Around,
    credential: CredentialId,
    state: State,
    trouble: Option<Trouble>,
) -> Run {
    let id = block(begin(around, &Asked { credential, ..here.asked() })).expect("begun");
    let run = block(around.journal.load(id)).expect("kept").run;
    kept_on(around, Run { state, trouble, ..run })
}

fn kept_on(around: &Around, run: Run) -> Run {
    let run = Run { revision: run.revision + 1, ..run };
    let entry = Entry { action: "rotation.planned", note: String::new() };
    block(around.journal.save(&run, Vec::new(), entry, false)).expect("saved");
    run
}

#[test]
fn a_rotation_makes_the_status_that_is_shown_filtered_by_and_counted() {
    let here = Here::new();
    let around = here.around();
    let now = here.bench.surroundings.clock.now();
    let add = |name: &str, expires: Option<Timestamp>, policy, rotated| {
        let known = Metadata { kind: Kind::ApiKey, expires, policy, ..metadata(name) };
        let one = Addition { rotated: Some(rotated), ..addition(known, "fixture") };
        here.vault().add(&one).expect("added")
    };
    let plain = |name: &str| add(name, None, PolicyChoice::None, now);
    let long_ago = now.plus_seconds(-400 * 24 * 3600);
    let stopped = || State::NeedsAttention { at: Box::new(State::Create) };
    let by_hand = Trouble::Issuer { why: Why::ByHand };
    let wanted = [
        (plain("made"), State::Create, None, Status::Rotating),
        (plain("grace"), State::Grace { until: now }, None, Status::InGrace),
        (plain("stuck"), stopped(), Some(Trouble::NewRefused), Status::Failed),
        (plain("hand"), stopped(), Some(by_hand), Status::Rotating),
        (plain("undone"), State::Aborted, Some(Trouble::NewRefused), Status::Failed),
        (plain("given up"), State::Aborted, Some(Trouble::Stopped), Status::NoPolicy),
        (plain("good"), State::Done, None, Status::NoPolicy),
        (
            add("overdue", None, PolicyChoice::Usual, long_ago),
            State::Deliver,
            None,
            Status::Rotating,
        ),
        (
            add("overdue and stuck", None, PolicyChoice::Usual, long_ago),
            stopped(),
            Some(Trouble::NoRoom),
            Status::Failed,
        ),
        (add("ended", Some(now), PolicyChoice::None, now), State::Verify, None, Status::Expired),
    ];
    add("nobody turns it", None, PolicyChoice::Usual, long_ago);
    for (credential, state, trouble, _) in wanted.clone() {
        brought_to(&here, &around, credential, state, trouble);
    }
    let vault = here.vault();
    for (credential, .., status) in &wanted {
        let (read, _) = vault.credential(*credential).expect("read");
        assert_eq!(read.row.status, *status, "{}", read.row.name);
    }
    let ask = |question: &str, by| {
        let ordering = keyturn_model::Ordering { by, ..keyturn_model::Ordering::default() };
        vault.list(&Query::read(question), ordering, 0, 100).expect("listed").rows
    };
    let all = ask("", SortBy::Status);
    assert_eq!(all.len(), wanted.len() + 2);
    assert!(all.windows(2).all(|two| two[0].status <= two[1].status), "the most urgent first");
    let words = [
        ("expired", Status::Expired),
        ("failed", Status::Failed),
        ("overdue", Status::Overdue),
        ("rotating", Status::Rotating),
        ("grace", Status::InGrace),
        ("nopolicy", Status::NoPolicy),
    ];
    let mut found = 0;
    for (word, status) in words {
        let rows = ask(&format!("status:{word}"), SortBy::Name);
        assert!(!rows.is_empty() && rows.iter().all(|row| row.status == status), "{word}");
        found += rows.len();
    }
    assert_eq!(found, all.len());
    let counts = vault.counts().expect("counted");
    assert_eq!(counts.attention as usize, ask("status:attention", SortBy::Name).len());
    assert_eq!((counts.attention, counts.in_grace), (5, 1));
    // Another one is begun, and the failure is heeded; what is put away is put away.
    let (undone, stuck) = (wanted[4].0, wanted[2].0);
    brought_to(&here, &around, undone, State::Verify, None);
    let (credential, _) = vault.credential(stuck).expect("read");
    let seen = [(stuck, credential.row.version)];
    let done = vault.change_many(&seen, &Many::Archive).expect("archived");
    assert!(matches!(done[0], (_, None)));
    assert_eq!(vault.credential(undone).expect("read").0.row.status, Status::Rotating);
    assert_eq!(vault.credential(stuck).expect("read").0.row.status, Status::Archived);
    let counts = vault.counts().expect("counted");
    assert_eq!(counts.attention as usize, ask("status:attention", SortBy::Name).len());
    vault.check().expect("whole");
}

#[test]
fn a_rotation_that_went_wrong_is_counted_once_and_one_that_was_stopped_is_not() {
    let here = Here::new();
    let around = here.around();
    let failures = || here.vault().credential(here.credential).expect("read").0.counters.failures;
    let wrong = Some(Trouble::NewRefused);
    let run = brought_to(&here, &around, here.credential, State::Restore, wrong);
    assert_eq!(failures(), 0, "it is being undone");
    let run = kept_on(&around, Run { state: State::Aborted, ..run });
    kept_on(&around, run);
    assert_eq!(failures(), 1);
    brought_to(&here, &around, here.credential, State::Aborted, Some(Trouble::Stopped));
    brought_to(&here, &around, here.credential, State::Done, wrong);
    assert_eq!(failures(), 1);
}

#[test]
fn what_a_file_brings_waits_for_the_end_of_a_run() {
    let here = Here::new();
    let around = here.around();
    let vault = here.vault();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let renewal = here.renewal();
    let refused = vault.import(&[], &[&renewal], &|_| true);
    assert!(matches!(refused, Err(VaultError::Rotating)));
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    assert_eq!(here.current(), "fixture-minted-2");
    let in_force = here.stages().iter().filter(|(_, stage, _)| *stage == Stage::Current).count();
    assert_eq!(in_force, 1);
}

#[test]
fn undoing_an_import_leaves_what_is_being_rotated_as_it_is() {
    let here = Here::new();
    let around = here.around();
    let vault = here.vault();
    let known = Metadata { kind: Kind::ApiKey, ..metadata("from-a-file") };
    let renewal = here.renewal();
    let brought =
        vault.import(&[&addition(known, "fixture")], &[&renewal], &|_| true).expect("imported");
    let added = vault.credentials_named("from-a-file", "").expect("read")[0];
    let begun = [here.credential, added].map(|credential| {
        block(begin(&around, &Asked { credential, ..here.asked() })).expect("begun")
    });
    let taken = vault.take_back(&brought).expect("taken back");
    assert_eq!(taken, TakenBack { added: 0, renewed: 0, stayed: 2 });
    for run in begun {
        assert!(vault.run(run).expect("read").is_some());
    }
    assert_eq!(here.current(), "fixture-in-the-file");
    vault.check().expect("whole");
}

#[test]
fn one_damaged_run_binding_or_setup_fails_no_list() {
    let here = Here::new();
    bound(here.vault(), here.credential);
    rotated(&here);
    let setup = RotationSetup::of(here.account);
    here.vault().save_rotation(here.credential, 0, &setup).expect("set up");
    let (failed, usual) =
        ("UPDATE credential SET failures = 1", keyturn_model::Ordering::default());
    for (table, sentence) in [
        ("credential", failed),
        ("run", "UPDATE run SET content = '{\"state\"'"),
        ("binding", "UPDATE binding SET setup = '{'"),
        ("rotation_setup", "UPDATE rotation_setup SET setup = ''"),
    ] {
        let written = here.vault().write(Draft::of("vault.tested"), &[table], |all| {
            Ok(all.execute(sentence, []).expect("written"))
        });
        assert_eq!(written.expect("kept"), 1, "{sentence}");
        let list = here.vault().list(&Query::read(""), usual, 0, 10).expect("listed");
        assert_eq!(list.rows.len(), 1, "{sentence}");
        here.vault().credential(here.credential).expect("read");
        here.vault().counts().expect("counted");
        here.vault().due_by_themselves().expect("looked");
        here.vault().runs(None, WhichRuns::All, 10).expect("read");
    }
}

/// Somebody uses a credential.
fn bound(vault: &Vault, credential: CredentialId) {
    let consumer = setup::Consumer {
        name: "web-app".into(),
        environment: String::new(),
        owner: String::new(),
        deployment: Deployment::Service,
        notes: String::new(),
    };
    let consumer = vault.save_consumer(None, 0, &consumer).expect("saved");
    let setup = BindingSetup {
        sending: Sending::ByHand { who: String::new(), steps: Vec::new() },
        reloading: Reloading::Manual,
        check: HealthCheck::None,
        looks: Looks::default(),
        takes_s: 1,
        away_s: 0,
    };
    vault.save_binding(None, 0, (credential, consumer), &setup, &[]).expect("saved");
}

#[test]
fn undoing_an_import_leaves_what_got_a_consumer_since() {
    let here = Here::new();
    let vault = here.vault();
    let file = ["bound", "alone"].map(|name| addition(metadata(name), "fixture"));
    let brought = vault.import(&[&file[0], &file[1]], &[], &|_| true).expect("imported");
    let bound = vault.credentials_named("bound", "").expect("read")[0];
    self::bound(vault, bound);
    let taken = vault.take_back(&brought).expect("taken back");
    assert_eq!(taken, TakenBack { added: 1, renewed: 0, stayed: 1 });
    assert_eq!(vault.ids(&Query::read("bound")).expect("found"), [bound]);
}

#[test]
fn taking_a_renewal_back_brings_back_the_key_id_and_when_it_was_verified() {
    let here = Here::new();
    rotated(&here);
    let seen = || {
        let (read, _) = here.vault().credential(here.credential).expect("read");
        let current = read.versions.iter().find(|it| it.stage == Stage::Current).expect("one");
        (read.verified, current.key_id.clone())
    };
    let before = seen();
    assert!(before.0.is_some() && !before.1.is_empty(), "{before:?}");
    for value in [false, true] {
        let mut renewal = Renewal { key_id: "another".into(), ..here.renewal() };
        if !value {
            renewal.secrets.clear();
        }
        let brought = here.vault().import(&[], &[&renewal], &|_| true).expect("imported");
        assert_eq!(seen().1, "another");
        here.vault().take_back(&brought).expect("taken back");
        assert_eq!(seen(), before);
    }
}

#[test]
fn when_a_value_was_accepted_and_last_used_is_kept_with_the_credential() {
    let mut here = Here::new();
    let (read, _) = here.vault().credential(here.credential).expect("read");
    assert_eq!((read.verified, read.used), (None, None));
    let live = here.issuer.live.lock().expect("not poisoned").clone();
    let began = here.bench.surroundings.clock.now();
    let used = Some(began.plus_seconds(-60));
    here.issuer = Arc::new(Minting { live: live.into(), used, ..Minting::default() });
    rotated(&here);
    let (read, _) = here.vault().credential(here.credential).expect("read");
    assert!(read.verified.is_some_and(|at| at >= began), "{:?}", read.verified);
    assert_eq!(read.used, used);
    // What a person types was not tried.
    replaced(&here, &[], None);
    let (read, _) = here.vault().credential(here.credential).expect("read");
    assert_eq!((read.verified, read.used), (None, used));
}

#[test]
fn a_value_whose_issuer_cannot_tell_was_never_verified() {
    let here = Here::new();
    let around = here.around();
    let asked = Asked {
        abilities: Abilities { verify: false, list: false, ..here.issuer.abilities() },
        ..here.asked()
    };
    let id = block(begin(&around, &asked)).expect("begun");
    let run = block(around.journal.load(id)).expect("kept").run;
    let run = Run { state: State::Cutover, revision: run.revision + 1, ..run };
    let entry = |action| Entry { action, note: String::new() };
    let made = vec![Change::KeepPending(value("fixture-new"))];
    block(around.journal.save(&run, made, entry("rotation.verified"), false)).expect("saved");
    let run = Run { state: State::Done, revision: run.revision + 1, ..run };
    let promoted = around.journal.save(&run, vec![Change::Promote], entry("rotation.done"), false);
    block(promoted).expect("saved");
    let (read, _) = here.vault().credential(here.credential).expect("read");
    assert_eq!((read.counters.rotations, read.verified), (1, None));
}

#[test]
fn many_runs_at_once_are_kept_together_and_one_that_is_refused_hinders_none() {
    let here = Here::new();
    let around = here.around();
    let vault = here.vault();
    let more: Vec<CredentialId> = (0..40)
        .map(|number| {
            let known = Metadata { kind: Kind::ApiKey, ..metadata(&format!("key-{number}")) };
            vault.add(&addition(known, "fixture")).expect("added")
        })
        .collect();
    let before = vault.head().expect("read").seq;
    let all = more.iter().chain(&more).map(|credential| {
        let asked = Asked { credential: *credential, ..here.asked() };
        let around = &around;
        async move { begin(around, &asked).await }
    });
    let begun = block(futures_util::future::join_all(all));
    assert_eq!(begun.iter().filter(|begun| begun.is_ok()).count(), 40);
    assert_eq!(begun.iter().filter(|begun| **begun == Err(refused())).count(), 40);
    assert_eq!(vault.head().expect("read").seq, before + 40);
    assert_eq!(vault.runs(None, WhichRuns::Open, 100).expect("read").len(), 40);
    vault.check().expect("whole");
}

#[test]
fn a_failed_revocation_stays_to_be_done_and_the_new_value_in_force() {
    let mut here = Here::new();
    let issuer = Minting { refuses_to_delete: true, ..Minting::default() };
    *issuer.live.lock().expect("not poisoned") =
        here.issuer.live.lock().expect("not poisoned").clone();
    here.issuer = Arc::new(issuer);
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::NeedsAttention);
    assert_eq!(here.current(), "fixture-minted-2");
    let old = block(around.journal.value(run, Side::Old)).expect("kept");
    assert_eq!(text(&old), "fixture-old");
    assert_eq!(here.stages()[1].1, Stage::Previous);
}

#[test]
fn only_a_key_with_our_mark_that_nobody_has_is_found_and_deleted() {
    let here = Here::new();
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    let mark = block(around.journal.load(run)).expect("read").run.marks[0].text.clone();
    let live = || {
        let live = here.issuer.live.lock().expect("not poisoned");
        live.iter().map(|(key, ..)| key.clone()).collect::<Vec<_>>()
    };
    let alike = format!("keyturn-{}-1", keyturn_model::RunId::from_bytes([9; 16]));
    for (key, mark) in [("AK7", mark.as_str()), ("AK8", ""), ("AK9", alike.as_str())] {
        let made = (key.to_owned(), mark.to_owned(), format!("fixture-{key}"));
        here.issuer.live.lock().expect("not poisoned").push(made);
    }
    let find = || block(find_orphans(&around, here.account, &*here.issuer)).expect("looked");
    let remove = |orphan: &Orphan| block(remove_orphan(&around, orphan, &*here.issuer));
    let found = find();
    let keys: Vec<_> = found.iter().map(|orphan| orphan.key.as_deref()).collect();
    assert_eq!(keys, [Some("AK7")]);
    let ours = &found[0];
    // Whatever the list says, it has to be proven.
    for (key, mark) in [("AK2", &mark), ("AK8", &String::new()), ("AK9", &alike)] {
        let wrong = Orphan { key: Some(key.into()), mark: mark.clone(), ..ours.clone() };
        assert!(matches!(remove(&wrong), Err(OrphanFault::NotProvablyOurs)), "{key}");
    }
    assert_eq!(live(), ["AK2", "AK7", "AK8", "AK9"]);
    remove(ours).expect("deleted");
    assert_eq!(live(), ["AK2", "AK8", "AK9"]);
    assert!(find().is_empty());
}

#[test]
fn what_an_open_run_sees_to_is_not_deleted_beside_it_and_no_list_is_no_empty_one() {
    let mut here = Here::new();
    let live = here.issuer.live.lock().expect("not poisoned").clone();
    let stuck = Minting { live: live.into(), refuses_to_delete: true, ..Minting::default() };
    here.issuer = Arc::new(stuck);
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::NeedsAttention);
    let mark = block(around.journal.load(run)).expect("read").run.marks[0].text.clone();
    let orphan = Orphan { account: here.account, mark, key: None, run, since: Timestamp(0) };
    let remove = |issuer: &Minting| block(remove_orphan(&around, &orphan, issuer));
    assert!(matches!(remove(&here.issuer), Err(OrphanFault::RunOpen)));
    let by_hand = Minting { by_hand: true, ..Minting::default() };
    let looked = block(find_orphans(&around, here.account, &by_hand));
    assert!(matches!(looked, Err(OrphanFault::CannotList)));
}

#[test]
fn what_only_a_person_can_do_is_asked_for_step_by_step_and_nothing_is_taken_as_done_unsaid() {
    let mut here = Here::new();
    here.issuer = Arc::new(Minting { by_hand: true, ..Minting::default() });
    let around = here.around();
    let binding = BindingAsked {
        id: BindingId::from_bytes([7; 16]),
        uptake: Somebody.uptake(),
        logs_in_with: Vec::new(),
    };
    let run = block(begin(&around, &Asked { bindings: vec![binding], ..here.asked() }));
    let run = run.expect("begun");
    let at = |wish: Option<Wish>| {
        if let Some(wish) = wish {
            let seen = block(around.journal.load(run)).expect("read").run;
            block(ask(&around, &seen, wish)).expect("asked");
        }
        let rest = block(run_to_rest(&around, run)).expect("driven");
        let run = block(around.journal.load(run)).expect("read").run;
        (rest, run.state.place().clone(), next_action(&run))
    };
    let stops_at = |state| (Rest::NeedsAttention, state, Some(Next::DoByHand));
    assert_eq!(at(None), stops_at(State::Create));
    // Said to be done, and nothing was pasted: it is asked for again.
    assert_eq!(at(Some(Wish::Continue)), stops_at(State::Create));
    let pasted = Held { key: "AK-pasted".into(), value: value("fixture-pasted") };
    let mark = block(around.journal.load(run)).expect("read").run.marks[0].text.clone();
    block(around.journal.put_in_inbox(run, &mark, &pasted)).expect("kept");
    assert_eq!(at(Some(Wish::Continue)), stops_at(State::Deliver));
    assert_eq!(here.current(), "fixture-old");
    // An export takes it along once it is in use.
    assert_eq!(here.stages()[0].1, Stage::Pending);
    assert!(here.vault().open_older_values(here.credential).expect("opened").is_empty());
    assert_eq!(at(Some(Wish::Retry)), stops_at(State::Deliver));
    let asked = || block(around.journal.load(run)).expect("read").run.trouble;
    let by_hand = Some(Trouble::Issuer { why: Why::ByHand });
    // Nothing has tried the new value: before the old one goes a person has to say that it works.
    assert_eq!(at(Some(Wish::Continue)), stops_at(State::Revoke));
    assert_eq!((asked(), here.current().as_str()), (Some(Trouble::Unproven), "fixture-pasted"));
    assert_eq!(at(Some(Wish::Retry)), stops_at(State::Revoke));
    assert_eq!(asked(), Some(Trouble::Unproven));
    assert_eq!(at(Some(Wish::Continue)), stops_at(State::Revoke));
    assert_eq!(asked(), by_hand);
    let steps = here.vault().run_steps(run).expect("read");
    let said: Vec<_> = steps.iter().filter(|it| it.action == "rotation.said_to_work").collect();
    assert_eq!(said.iter().map(|it| it.note.as_str()).collect::<Vec<_>>(), ["Ana"]);
    assert_eq!(at(Some(Wish::Continue)), (Rest::Done, State::Done, None));
    assert!(here.vault().orphans(None).expect("read").is_empty());
}

#[test]
fn who_finds_that_a_pasted_value_does_not_work_gets_the_old_one_back() {
    let mut here = Here::new();
    here.issuer = Arc::new(Minting { by_hand: true, ..Minting::default() });
    let around = here.around();
    let run = block(begin(&around, &here.asked())).expect("begun");
    let loaded = || block(around.journal.load(run)).expect("read").run;
    let says = |wish| {
        block(ask(&around, &loaded(), wish)).expect("asked");
        block(run_to_rest(&around, run)).expect("driven");
        (loaded().state.place().clone(), loaded().trouble)
    };
    block(run_to_rest(&around, run)).expect("driven");
    let pasted = Held { key: "AK-pasted".into(), value: value("fixture-mistyped") };
    block(around.journal.put_in_inbox(run, &loaded().marks[0].text, &pasted)).expect("kept");
    assert_eq!(says(Wish::Continue), (State::Revoke, Some(Trouble::Unproven)));
    assert_eq!(here.current(), "fixture-mistyped");
    assert!(keyturn_engine::can_undo(&loaded()));
    assert_eq!(says(Wish::Undo), (State::Remove, Some(Trouble::Issuer { why: Why::ByHand })));
    assert_eq!(here.current(), "fixture-old");
    assert_eq!(says(Wish::Continue).0, State::Aborted);
}

/// Each account with an issuer of its own.
struct Accounts(BTreeMap<AccountId, Arc<Minting>>, World);

impl Outside for Accounts {
    fn issuer(&self, run: &Run) -> Option<Arc<dyn Issuer>> {
        Some(Arc::clone(self.0.get(&run.account)?) as Arc<dyn Issuer>)
    }
    fn consumer(&self, binding: BindingId) -> Option<Arc<dyn Consumer>> {
        self.1.consumer(binding)
    }
    fn until(&self, moment: Timestamp) -> Answer<'_, ()> {
        self.1.until(moment)
    }
}

#[test]
fn an_account_that_keeps_failing_is_left_alone_by_all_its_runs_and_no_other_account_is() {
    let here = Here::new();
    let (vault, clock) = (here.vault(), &here.bench.clock);
    let setup = IssuerSetup::Sandbox { address: "http://127.0.0.1:2".into() }.into();
    let other = vault.save_account(None, 0, &name("Other"), &setup, &[]).expect("saved");
    let added = |name: &str| {
        let known = Metadata { kind: Kind::ApiKey, ..metadata(name) };
        vault.add(&addition(known, &format!("fixture-{name}"))).expect("added")
    };
    let [second, third] = ["second", "third"].map(added);
    let lives = |issuer: &Minting, number: u32, value: &str| {
        let key = (format!("OLD{number}"), String::new(), format!("fixture-{value}"));
        issuer.live.lock().expect("not poisoned").push(key);
    };
    let (failing, fine) = (Arc::clone(&here.issuer), Arc::new(Minting::default()));
    lives(&failing, 2, "second");
    lives(&fine, 3, "third");
    let issuers = [(here.account, Arc::clone(&failing)), (other, fine)].into();
    let world = World(Arc::clone(&here.issuer), Arc::clone(clock));
    let around = Around::new(
        Arc::new(RunJournal::of(vault, tells, || {}).expect("there")),
        Arc::new(Accounts(issuers, world)),
        Arc::clone(&here.bench.surroundings.clock),
        Arc::clone(&here.bench.surroundings.entropy),
        Driven::default(),
    );
    let begun = |credential, account, old_key: &str| {
        let old_key = old_key.to_owned();
        let asked = Asked { credential, account, old_key, ..here.asked() };
        block(begin(&around, &asked)).expect("begun")
    };
    let driven = |run| match block(drive(&around, run)).expect("driven") {
        Rest::Until(moment) => moment.seconds_since(clock.now()),
        rest => panic!("it rests: {rest:?}"),
    };
    failing.down.store(true, Ordering::SeqCst);
    let one = begun(here.credential, here.account, "AK0");
    for _ in 0..2 {
        clock.go(driven(one));
    }
    // It failed often enough: not even a run that has not asked yet asks now.
    let two = begun(second, here.account, "OLD2");
    let asked = failing.asked.load(Ordering::SeqCst);
    let left = driven(two);
    assert!((60..=300).contains(&left), "{left}");
    assert_eq!(driven(one), left);
    let elsewhere = begun(third, other, "OLD3");
    assert_eq!(block(run_to_rest(&around, elsewhere)).expect("driven"), Rest::Done);
    driven(two);
    assert_eq!(failing.asked.load(Ordering::SeqCst), asked);
    // Afterwards one call finds that it is back.
    failing.down.store(false, Ordering::SeqCst);
    clock.go(driven(two));
    for run in [one, two] {
        assert_eq!(block(run_to_rest(&around, run)).expect("driven"), Rest::Done);
    }
}

#[test]
fn who_uses_a_credential_is_counted_in_its_row_and_asked_for() {
    let here = Here::new();
    let vault = here.vault();
    let alone = vault.add(&addition(metadata("legacy-crm"), "fixture")).expect("added");
    let found = |question: &str| -> Vec<(String, u32, u32)> {
        let list = vault
            .list(&Query::read(question), keyturn_model::Ordering::default(), 0, 9)
            .expect("listed");
        list.rows.into_iter().map(|row| (row.name, row.uses, row.restarts)).collect()
    };
    let plain = |name: &str| (name.to_owned(), 0, 0);
    assert_eq!(found("uses:none"), [plain("legacy-crm"), plain("payment-gateway")]);
    let restart = Reloading::Command { program: "/usr/bin/true".into(), arguments: Vec::new() };
    let mut bindings = Vec::new();
    for (name, reloading) in [("web-app", restart), ("batch", Reloading::NextRun)] {
        let consumer = setup::Consumer {
            name: name.into(),
            environment: String::new(),
            owner: String::new(),
            deployment: Deployment::Service,
            notes: String::new(),
        };
        let consumer = vault.save_consumer(None, 0, &consumer).expect("saved");
        let setup = BindingSetup {
            sending: Sending::ByHand { who: String::new(), steps: Vec::new() },
            reloading,
            check: HealthCheck::None,
            looks: Looks::default(),
            takes_s: 1,
            away_s: 0,
        };
        let both = (here.credential, consumer);
        bindings.push((consumer, vault.save_binding(None, 0, both, &setup, &[]).expect("saved")));
    }
    assert_eq!(found("uses:some"), [("payment-gateway".to_owned(), 2, 1)]);
    assert_eq!(found("uses:none"), [plain("legacy-crm")]);
    assert_eq!(found("-uses:some"), [plain("legacy-crm")]);
    vault.delete_binding(bindings[0].1).expect("deleted");
    assert_eq!(found("uses:some"), [("payment-gateway".to_owned(), 1, 0)]);
    vault.delete_consumer(bindings[1].0).expect("deleted");
    assert_eq!(found("uses:none").len(), 2);
    assert_eq!(vault.ids(&Query::read("legacy")).expect("found"), [alone]);
}

#[test]
fn consumers_and_bindings_are_kept_with_their_secrets_and_go_together() {
    let mut here = Here::new();
    let vault = here.vault();
    let web = setup::Consumer {
        name: "web-app".into(),
        environment: "prod".into(),
        owner: "payments".into(),
        deployment: Deployment::Service,
        notes: String::new(),
    };
    let consumer = vault.save_consumer(None, 0, &web).expect("saved");
    assert!(matches!(vault.save_consumer(None, 0, &web), Err(VaultError::NameTaken)));
    let setup = BindingSetup {
        sending: Sending::Command {
            program: "/usr/bin/true".into(),
            arguments: Vec::new(),
            input: "{secret}".into(),
        },
        reloading: Reloading::Live,
        check: HealthCheck::None,
        looks: Looks { timeout_s: 3, ..Looks::default() },
        takes_s: 1,
        away_s: 0,
    };
    let secrets = [("check".to_owned(), SecretString::from("fixture-check"))];
    let both = (here.credential, consumer);
    let binding = vault.save_binding(None, 0, both, &setup, &secrets).expect("saved");
    let changed = BindingSetup { takes_s: 9, ..setup };
    let refused = vault.save_binding(Some(binding), 7, both, &changed, &[]);
    assert!(matches!(refused, Err(VaultError::Changed)));
    vault.save_binding(Some(binding), 1, both, &changed, &[]).expect("saved");
    let way = RotationSetup {
        account: here.account,
        users: Vec::new(),
        valid_days: None,
        end_sessions: false,
        grace_s: Some(60),
        at_once: 4,
        automatic: false,
    };
    vault.save_rotation(here.credential, 0, &way).expect("saved");
    assert!(matches!(vault.save_rotation(here.credential, 0, &way), Err(VaultError::Changed)));
    assert!(matches!(vault.delete_account(here.account), Err(VaultError::InUse)));
    // Under new keys everything is as it was.
    let (dana, ..) = vault.invite(&name("Dana"), keyturn_model::Role::Reader, 1).expect("invited");
    let (_, revision) = vault.members().expect("listed");
    vault.remove_member(dana, revision, &quiet).expect("removed");
    here.lock_and_unlock();
    let vault = here.vault();
    let kept = vault.bindings(Some(here.credential)).expect("read");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].consumer_name.as_str(), kept[0].setup.takes_s), ("web-app", 9));
    assert_eq!(kept[0].secrets, ["check"]);
    let secrets = vault.setup_secrets(binding).expect("opened");
    assert_eq!(secrets["check"].expose_secret(), "fixture-check");
    assert_eq!(vault.consumers().expect("read")[0].credentials, [here.credential]);
    assert_eq!(vault.accounts().expect("read")[0].credentials, 1);
    assert_eq!(vault.rotation(here.credential).expect("read").expect("there").setup, way);
    vault.delete_consumer(consumer).expect("deleted");
    assert!(vault.binding(binding).expect("read").is_none());
    assert!(vault.setup_secrets(binding).expect("read").is_empty());
    vault.check().expect("whole");
}
