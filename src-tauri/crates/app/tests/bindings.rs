//! The interface's types are those of the contract.

use std::{env, fs, path::Path};

#[test]
fn the_generated_bindings_are_those_of_the_contract() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo tells it");
    let file = Path::new(&folder).join("../../../ui/src/lib/bindings/index.ts");
    let wanted = keyturn_app::bridge::typescript();
    if env::var_os("KEYTURN_WRITE_BINDINGS").is_some() {
        fs::write(&file, &wanted).expect("the bindings can be written");
    }
    let found = fs::read_to_string(&file).expect("the bindings are there");
    assert!(found == wanted, "run `npm run fix` and commit ui/src/lib/bindings");
}
