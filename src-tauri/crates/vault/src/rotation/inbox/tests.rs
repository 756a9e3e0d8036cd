//! What lies in the inbox is found, and nothing in it is lost.

use keyturn_testkit::Seeded;

use super::*;
use crate::secret::Key;

#[test]
fn a_piece_is_found_by_its_run_also_where_that_of_another_lay() {
    let folder = tempfile::tempdir().unwrap();
    let key = InboxKey::of(&Key::filled(|key| key[0] = 1));
    let public = Arc::new(RwLock::new(key.public()));
    let entropy = Seeded::new(3) as Arc<dyn Entropy>;
    let vault = VaultId::from_bytes([2; 16]);
    let inbox = Inbox::open(&folder.path().join("inbox"), &public, vault, &entropy).unwrap();
    let [one, other] = [1, 2].map(|number| RunId::from_bytes([number; 16]));
    let made = || Minted { key: String::new(), value: Value::default() };
    let sealed = |run| inbox.seal(run, "mark", &made()).unwrap();
    let found = |run| inbox.of(run, &key).unwrap();
    inbox.put(&[sealed(one), sealed(other)]).unwrap();
    assert_eq!([found(one).len(), found(other).len()], [1, 1]);
    assert_eq!(inbox.all(&key).unwrap().len(), 2);
    inbox.taken(&found(one)).unwrap();
    assert_eq!([found(one).len(), found(other).len()], [0, 1]);
    inbox.taken(&found(other)).unwrap();
    // All room is free again.
    inbox.put(&[sealed(other), sealed(one)]).unwrap();
    let first = found(other);
    assert_eq!((first.len(), first[0].at), (1, 0));
    assert_eq!(found(one).len(), 1);
    // Another way in, as a run of an earlier session has it, may have put a piece where one lay before.
    let late = Inbox::open(&folder.path().join("inbox"), &public, vault, &entropy).unwrap();
    inbox.taken(&inbox.all(&key).unwrap()).unwrap();
    late.put(&[late.seal(one, "mark", &made()).unwrap()]).unwrap();
    inbox.put(&[sealed(other)]).unwrap();
    assert_eq!([found(one).len(), found(other).len()], [1, 1]);
    assert_eq!(late.all(&key).unwrap().len(), 2);
}

#[test]
fn nothing_is_lost_when_many_put_at_once_by_ways_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let key = InboxKey::of(&Key::filled(|key| key[0] = 1));
    let public = Arc::new(RwLock::new(key.public()));
    let entropy = Seeded::new(4) as Arc<dyn Entropy>;
    let vault = VaultId::from_bytes([2; 16]);
    let open = || Inbox::open(&folder.path().join("inbox"), &public, vault, &entropy).unwrap();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let inbox = open();
            scope.spawn(move || {
                let made = Minted { key: String::new(), value: Value::default() };
                let run = RunId::from_bytes([number; 16]);
                for _ in 0..10 {
                    inbox.put(&[inbox.seal(run, "mark", &made).unwrap()]).unwrap();
                }
            });
        }
    });
    assert_eq!(open().all(&key).unwrap().len(), 80);
}

#[test]
fn what_is_sealed_to_other_keys_opens_with_those_that_came_in_force() {
    let [old, new] = [1, 2].map(|number| InboxKey::of(&Key::filled(|key| key[0] = number)));
    for in_force in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let public = Arc::new(RwLock::new(old.public()));
        let entropy = Seeded::new(5) as Arc<dyn Entropy>;
        let vault = VaultId::from_bytes([2; 16]);
        let open = || Inbox::open(&folder.path().join("inbox"), &public, vault, &entropy).unwrap();
        let run = RunId::from_bytes([1; 16]);
        let inbox = open();
        let made = Minted { key: "AK9".into(), value: Value::default() };
        let answer = SecretSlice::from(b"<html>".to_vec());
        let torn = Sealed { run, bytes: vec![7; 90] };
        inbox.put(&[torn, inbox.seal(run, "one", &made).unwrap()]).unwrap();
        inbox.put(&[inbox.seal_unreadable(run, "two", &answer).unwrap()]).unwrap();
        let before = std::fs::read(folder.path().join("inbox")).unwrap();
        let marks = |key| {
            let all = inbox.all(key).unwrap();
            all.into_iter().map(|item| item.mark).collect::<Vec<_>>()
        };
        let anew = open().seal_anew(&old, &new).unwrap();
        assert_eq!(anew.unreadable, 1);
        assert_eq!([marks(&old), marks(&new)], [["one", "two"], ["one", "two"]], "not settled");
        anew.settle(in_force);
        let (there, gone) = if in_force { (&new, &old) } else { (&old, &new) };
        assert_eq!(marks(there), ["one", "two"]);
        assert_eq!(marks(gone), [""; 0]);
        let after = std::fs::read(folder.path().join("inbox")).unwrap();
        assert_eq!(after[..95], before[..95], "nothing is deleted because it does not open");
    }
}
