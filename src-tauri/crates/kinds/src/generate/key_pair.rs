//! Key pairs. Nothing here is a cipher: keys are made and written down, no more.

use ed25519_dalek::{SigningKey, pkcs8::KeypairBytes};
use keyturn_model::Entropy;
use pkcs8::{EncodePrivateKey, LineEnding, spki::EncodePublicKey};
use rsa::rand_core::{CryptoRng, Error, RngCore};
use ssh_key::{
    private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData, RsaKeypair},
    public::Ed25519PublicKey,
};
use zeroize::Zeroizing;

use super::{GenerateError, Generated, KeyFormat, made};

/// The randomness that is handed in, in the shape that the RSA crate asks for.
struct Drawn<'a>(&'a dyn Entropy);

impl RngCore for Drawn<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Drawn<'_> {}

pub(super) fn ed25519(
    format: KeyFormat,
    entropy: &dyn Entropy,
) -> Result<Generated, GenerateError> {
    let mut seed = Zeroizing::new([0; 32]);
    entropy.fill(seed.as_mut_slice());
    let key = SigningKey::from_bytes(&seed);
    // The best known attack takes 2^128 steps, whatever the length of the key.
    let bits = 128.0;
    match format {
        KeyFormat::OpenSsh => {
            let public = Ed25519PublicKey(key.verifying_key().to_bytes());
            let private = Ed25519PrivateKey::from_bytes(&seed);
            openssh(KeypairData::Ed25519(Ed25519Keypair { public, private }), bits)
        }
        KeyFormat::Pkcs8 => {
            // Without the public half in it: OpenSSL does not read it otherwise.
            let bytes = KeypairBytes { secret_key: *seed, public_key: None };
            let private = bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_| GenerateError::NotMade)?;
            let public = key.verifying_key().to_public_key_pem(LineEnding::LF);
            with_public(private, public.map_err(|_| GenerateError::NotMade)?, bits)
        }
    }
}

pub(super) fn rsa(
    length: usize,
    format: KeyFormat,
    entropy: &dyn Entropy,
) -> Result<Generated, GenerateError> {
    let key = rsa::RsaPrivateKey::new(&mut Drawn(entropy), length);
    let key = key.map_err(|_| GenerateError::NotMade)?;
    // NIST SP 800-57, and for 4096 the formula of FIPS 140 IG 7.5.
    let bits = match length {
        ..3072 => 112.0,
        3072..4096 => 128.0,
        _ => 150.0,
    };
    match format {
        KeyFormat::OpenSsh => {
            let pair = RsaKeypair::try_from(&key).map_err(|_| GenerateError::NotMade)?;
            openssh(KeypairData::Rsa(pair), bits)
        }
        KeyFormat::Pkcs8 => {
            use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
            let private = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| GenerateError::NotMade)?;
            let public = key.to_public_key().to_public_key_pem(LineEnding::LF);
            with_public(private, public.map_err(|_| GenerateError::NotMade)?, bits)
        }
    }
}

fn openssh(pair: KeypairData, bits: f64) -> Result<Generated, GenerateError> {
    let key = ssh_key::PrivateKey::new(pair, "").map_err(|_| GenerateError::NotMade)?;
    let private = key.to_openssh(ssh_key::LineEnding::LF).map_err(|_| GenerateError::NotMade)?;
    let public = key.public_key().to_openssh().map_err(|_| GenerateError::NotMade)?;
    with_public(private, public, bits)
}

fn with_public(
    private: Zeroizing<String>,
    public: String,
    bits: f64,
) -> Result<Generated, GenerateError> {
    Ok(Generated { public: Some(public), ..made(private, bits) })
}

#[cfg(test)]
mod tests {
    use keyturn_model::Kind;
    use secrecy::ExposeSecret;

    use super::*;
    use crate::{Recipe, Why, check, facts, generate, private, public::Public, testing::Seeded};

    #[test]
    fn an_ssh_key_pair_is_one_that_the_form_takes_and_knows() {
        for recipe in [
            Recipe::Ed25519 { format: KeyFormat::OpenSsh },
            Recipe::Rsa { bits: 2048, format: KeyFormat::OpenSsh },
        ] {
            let made = generate(&recipe, &Seeded::new(2)).unwrap();
            let public = made.public.unwrap();
            let fields = [("privateKey", made.value.expose_secret()), ("publicKey", &public)];
            let fields = fields.into_iter().collect();
            assert_eq!(check(Kind::SshKey, &fields), []);
            let facts = facts(Kind::SshKey, &fields);
            assert!(facts.fingerprint.unwrap().starts_with("SHA256:"));
            let expected = if made.bits > 120.0 { "Ed25519" } else { "RSA 2048" };
            assert_eq!(facts.algorithm.as_deref(), Some(expected));
        }
    }

    #[test]
    fn both_halves_of_a_pem_key_pair_are_of_one_key() {
        let recipe = Recipe::Ed25519 { format: KeyFormat::Pkcs8 };
        let made = generate(&recipe, &Seeded::new(3)).unwrap();
        let private = private::read(made.value.expose_secret()).unwrap();
        let public = made.public.unwrap();
        assert_eq!(private.public, Public::of_pem(&public));
        assert!(private.public.is_some() && !private.encrypted);
        let whys = |public: &str| {
            let fields = [("secret", made.value.expose_secret()), ("publicKey", public)];
            check(Kind::SigningKey, &fields.into_iter().collect())
                .into_iter()
                .map(|fault| (fault.field, fault.why))
                .collect::<Vec<_>>()
        };
        let wrong = |why| vec![("publicKey".to_owned(), why)];
        assert_eq!(whys(&public), []);
        let other = generate(&recipe, &Seeded::new(4)).unwrap().public.unwrap();
        assert_eq!(whys(&other), wrong(Why::PublicKeyDoesNotFit));
        assert_eq!(whys("no key"), wrong(Why::NotAPublicKey));
        assert_eq!(whys(made.value.expose_secret()), wrong(Why::SecretInTheOpen));
    }

    #[test]
    fn a_number_that_rsa_keys_do_not_have_is_refused() {
        for bits in [0, 1024, 2049, 8192] {
            let recipe = Recipe::Rsa { bits, format: KeyFormat::Pkcs8 };
            let refused = generate(&recipe, &Seeded::new(1));
            assert!(matches!(refused, Err(GenerateError::OutOfRange)));
        }
    }
}
