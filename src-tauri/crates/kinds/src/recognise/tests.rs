//! The values here are put together when the tests run, so that no scanner takes them for real.

use keyturn_model::Kind;
use secrecy::ExposeSecret;

use super::*;
use crate::{
    check,
    testing::{Holder, three, token},
};

fn field<'a>(found: &'a Recognised, name: &str) -> Option<&'a str> {
    let field = found.fields.iter().find(|field| field.0 == name)?;
    Some(field.1.expose_secret())
}

/// What `pasted` is: kind, issuer, and the field in which it stands whole.
fn whole(pasted: &str) -> Option<(Kind, String, &'static str)> {
    let found = recognise(pasted)?;
    let at = found.fields.iter().find(|field| field.1.expose_secret() == pasted)?.0;
    Some((found.kind, found.issuer.clone().unwrap_or_default(), at))
}

fn x(count: usize) -> String {
    "x".repeat(count)
}

fn hex(count: usize) -> String {
    "a1".repeat(count / 2)
}

/// One value for each issuer that the window promises.
fn well_known() -> Vec<(&'static str, Kind, String)> {
    use Kind::{ApiKey, OauthClient, Secret, ServiceToken, WebhookSecret};
    vec![
        ("GitHub", ApiKey, format!("ghp_{}", x(36))),
        ("GitHub", ApiKey, format!("gho_{}", x(36))),
        ("GitHub", ApiKey, format!("ghu_{}", x(36))),
        ("GitHub", ServiceToken, format!("ghs_{}", x(36))),
        ("GitHub", ApiKey, format!("ghr_{}", x(36))),
        ("GitHub", ApiKey, format!("github_pat_{}_{}", x(22), x(59))),
        ("GitLab", ApiKey, format!("glpat-{}", x(20))),
        ("GitLab", ServiceToken, format!("glrt-{}", x(20))),
        ("Slack", ApiKey, format!("xoxb-{}", x(40))),
        ("Slack", ApiKey, format!("xoxp-{}", x(40))),
        (
            "Slack",
            Secret,
            format!("https://hooks.slack.com/services/T{}/B{}/{}", x(8), x(8), x(24)),
        ),
        ("Stripe", ApiKey, format!("sk_live_{}", x(24))),
        ("Stripe", ApiKey, format!("sk_test_{}", x(24))),
        ("Stripe", ApiKey, format!("rk_live_{}", x(24))),
        ("Stripe", WebhookSecret, format!("whsec_{}", x(32))),
        ("OpenAI", ApiKey, format!("sk-proj-{}", x(48))),
        ("OpenAI", ApiKey, format!("sk-{}", x(48))),
        ("Anthropic", ApiKey, format!("sk-ant-api03-{}", x(40))),
        ("Google", ApiKey, format!("AIza{}", x(35))),
        ("Google", OauthClient, format!("GOCSPX-{}", x(28))),
        ("SendGrid", ApiKey, format!("SG.{}.{}", x(22), x(43))),
        ("Twilio", ApiKey, format!("SK{}", hex(32))),
        ("Twilio", ApiKey, format!("AC{}", hex(32))),
        ("npm", ApiKey, format!("npm_{}", x(36))),
        ("PyPI", ApiKey, format!("pypi-AgEIcHlwaS5vcmc{}", x(60))),
        ("DigitalOcean", ApiKey, format!("dop_v1_{}", hex(64))),
        ("Cloudflare", ApiKey, format!("v1.0-{}-{}", hex(24), hex(146))),
        ("Heroku", ApiKey, format!("HRKU-{}", x(36))),
        ("Mailgun", ApiKey, format!("key-{}", hex(32))),
        ("Mailchimp", ApiKey, format!("{}-us12", hex(32))),
        ("Square", ApiKey, format!("EAAA{}", x(60))),
        ("Shopify", ApiKey, format!("shpat_{}", hex(32))),
        ("Telegram", ApiKey, format!("{}:AA{}", "1".repeat(10), x(33))),
        ("Discord", ApiKey, format!("M{}.{}.{}", x(25), x(6), x(38))),
        (
            "Discord",
            Secret,
            format!("https://discord.com/api/webhooks/{}/{}", "1".repeat(18), x(68)),
        ),
        ("Datadog", ApiKey, format!("ddapp_{}", x(34))),
        ("New Relic", ApiKey, format!("NRAK-{}", "X".repeat(27))),
        ("Sentry", ServiceToken, format!("sntrys_{}", x(60))),
        ("HashiCorp Vault", ServiceToken, format!("hvs.{}", x(24))),
        ("Terraform Cloud", ApiKey, format!("{}.atlasv1.{}", x(14), x(67))),
        ("Docker", ApiKey, format!("dckr_pat_{}", x(27))),
        ("Hugging Face", ApiKey, format!("hf_{}", x(34))),
        ("Linear", ApiKey, format!("lin_api_{}", x(40))),
        ("Notion", ApiKey, format!("secret_{}", x(43))),
        ("Notion", ApiKey, format!("ntn_{}", x(46))),
        ("Postman", ApiKey, format!("PMAK-{}-{}", hex(24), hex(34))),
        ("Doppler", ServiceToken, format!("dp.pt.{}", x(43))),
        ("Grafana", ServiceToken, format!("glsa_{}_{}", x(32), hex(8))),
        ("Atlassian", ApiKey, format!("ATATT3{}", x(180))),
        ("Databricks", ApiKey, format!("dapi{}", hex(32))),
        ("Tailscale", ApiKey, format!("tskey-auth-{}-{}", x(17), x(32))),
        ("Azure", Secret, format!("abc8Q~{}", x(34))),
    ]
}

#[test]
fn the_table_can_be_compiled_and_puts_values_in_fields_that_exist() {
    assert!(known::PATTERNS.is_some());
    assert!(known::ALL.len() >= 40);
    for known in known::ALL {
        let field = known.field.unwrap_or(known.kind.value());
        assert!(known.kind.field(field).is_some(), "{} {}", known.issuer, known.what);
    }
}

#[test]
fn values_of_well_known_issuers_are_known_alone_and_in_a_variable() {
    for (issuer, kind, value) in well_known() {
        let found = whole(&value);
        let found = found.unwrap_or_else(|| panic!("{issuer} {kind:?} is not recognised"));
        assert_eq!((found.0, found.1.as_str()), (kind, issuer));
        let line = format!("export MY_{}_VALUE=\"{value}\"", "PROD");
        let found = recognise(&line).unwrap();
        assert_eq!((found.kind, found.issuer.as_deref()), (kind, Some(issuer)));
        assert_eq!(found.name.as_deref(), Some("MY_PROD_VALUE"));
        assert!(found.environment.is_some());
        let wrong =
            check(kind, &found.fields.iter().map(|(n, t)| (*n, t.expose_secret())).collect());
        assert!(wrong.iter().all(|fault| fault.why == crate::Why::Missing), "{wrong:?}");
    }
}

#[test]
fn one_character_less_than_an_exact_shape_is_not_taken_for_it() {
    for value in
        [format!("npm_{}", x(35)), format!("AIza{}", x(34)), format!("AKIA{}", "A".repeat(15))]
    {
        assert!(recognise(&value).is_none());
    }
}

#[test]
fn stripe_keys_tell_their_environment() {
    for (prefix, environment) in [("sk_live_", "prod"), ("sk_test_", "test"), ("rk_test_", "test")]
    {
        let found = recognise(&format!("{prefix}{}", x(24))).unwrap();
        assert_eq!(found.environment, Some(environment));
    }
}

#[test]
fn an_aws_id_is_found_with_its_secret_in_every_form_that_aws_gives_out() {
    let id = format!("AKIA{}", "FIXTURE2".repeat(2));
    let secret = format!("{}/+{}", "fixture0".repeat(4), "x".repeat(6));
    let forms = [
        format!(
            "[ci-staging]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\nregion = eu-west-1\n"
        ),
        format!(
            "export AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY='{secret}'\nexport AWS_REGION=eu-west-1"
        ),
        format!("\u{FEFF}Access key ID,Secret access key\r\n{id},{secret}\r\n"),
        format!(
            r#"{{"AccessKey": {{"UserName": "ci", "AccessKeyId": "{id}", "SecretAccessKey": "{secret}"}}}}"#
        ),
        format!("{id} {secret}"),
    ];
    for (at, form) in forms.iter().enumerate() {
        let found = recognise(form).unwrap_or_else(|| panic!("form {at}"));
        assert_eq!(found.kind, Kind::CloudKey);
        assert_eq!(field(&found, "provider"), Some("aws"));
        assert_eq!(field(&found, "keyId"), Some(id.as_str()));
        assert_eq!(field(&found, "secret"), Some(secret.as_str()));
        assert_eq!(field(&found, "region"), (at < 2).then_some("eu-west-1"));
        assert_eq!(found.environment, (at == 0).then_some("staging"));
    }
    let alone = recognise(&id).unwrap();
    assert_eq!(alone.fields.iter().map(|f| f.0).collect::<Vec<_>>(), ["provider", "keyId"]);
    let half = recognise(&format!("AWS_SECRET_ACCESS_KEY={secret}")).unwrap();
    assert_eq!((half.kind, field(&half, "secret")), (Kind::CloudKey, Some(secret.as_str())));
}

#[test]
fn addresses_of_databases_are_taken_apart() {
    for (address, expected) in [
        (
            "postgres://app%40corp:p%40ss%2Fword@db.prod.example.com:6432/shop?sslmode=verify-full",
            [
                ("engine", "postgresql"),
                ("host", "db.prod.example.com"),
                ("port", "6432"),
                ("database", "shop"),
                ("user", "app@corp"),
                ("password", "p@ss/word"),
                ("tls", "verified"),
            ]
            .as_slice(),
        ),
        (
            "postgresql+psycopg2://app:fixture@localhost/shop",
            &[
                ("engine", "postgresql"),
                ("host", "localhost"),
                ("database", "shop"),
                ("user", "app"),
                ("password", "fixture"),
            ],
        ),
        (
            "mysql://root:fixture@[2001:db8::1]:3306/",
            &[
                ("engine", "mysql"),
                ("host", "2001:db8::1"),
                ("port", "3306"),
                ("user", "root"),
                ("password", "fixture"),
            ],
        ),
        (
            "mariadb://u:f:f@h/d",
            &[
                ("engine", "mariadb"),
                ("host", "h"),
                ("database", "d"),
                ("user", "u"),
                ("password", "f:f"),
            ],
        ),
        (
            "mongodb+srv://u:fixture@c0.example.net/shop?retryWrites=true",
            &[
                ("engine", "mongodb"),
                ("host", "c0.example.net"),
                ("database", "shop"),
                ("user", "u"),
                ("password", "fixture"),
                ("tls", "on"),
            ],
        ),
        (
            "mongodb://u:fixture@a.example:27017,b.example:27018/shop?tls=true",
            &[
                ("engine", "mongodb"),
                ("host", "a.example"),
                ("port", "27017"),
                ("database", "shop"),
                ("user", "u"),
                ("password", "fixture"),
                ("tls", "on"),
            ],
        ),
        (
            "rediss://:fixture@cache.example:6380/0",
            &[
                ("engine", "redis"),
                ("host", "cache.example"),
                ("port", "6380"),
                ("database", "0"),
                ("password", "fixture"),
                ("tls", "on"),
            ],
        ),
        (
            "amqp://guest:fixture@mq/vhost",
            &[
                ("engine", "other"),
                ("host", "mq"),
                ("database", "vhost"),
                ("user", "guest"),
                ("password", "fixture"),
            ],
        ),
        (
            "jdbc:postgresql://h:5432/d?user=u&password=f%26x&ssl=true",
            &[
                ("engine", "postgresql"),
                ("host", "h"),
                ("port", "5432"),
                ("database", "d"),
                ("user", "u"),
                ("password", "f&x"),
                ("tls", "on"),
            ],
        ),
    ] {
        for pasted in [address.to_owned(), format!("DATABASE_URL='{address}'")] {
            let found = recognise(&pasted).unwrap_or_else(|| panic!("{address}"));
            assert_eq!(found.kind, Kind::DatabaseLogin);
            let fields: Vec<_> =
                found.fields.iter().map(|(name, text)| (*name, text.expose_secret())).collect();
            assert_eq!(fields, expected, "{address}");
            let wrong = check(Kind::DatabaseLogin, &fields.into_iter().collect());
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
    for password in ["fix#ture", "12#34", "fix/tu?re", "f@x", "100%"] {
        let found =
            recognise(&format!("postgres://app:{password}@db.example.com:5432/shop")).unwrap();
        assert_eq!(field(&found, "password"), Some(password));
        assert_eq!(field(&found, "host"), Some("db.example.com"));
        assert_eq!(field(&found, "database"), Some("shop"));
    }
    let found = recognise("postgres://app:fixture@db.prod.example.com/shop").unwrap();
    assert_eq!(found.environment, Some("prod"));
    assert_eq!(found.name.as_deref(), Some("app on db.prod.example.com"));
    assert_eq!(found.issuer.as_deref(), Some("PostgreSQL"));
    assert!(recognise("https://user:fixture@example.com/").is_none());
}

#[test]
fn files_of_the_clouds_fill_the_form() {
    let google = r#"{"type":"service_account","project_id":"shop-test","private_key_id":"fixture",
        "private_key":"-----BEGIN fixture-----","client_email":"ci@shop.iam"}"#;
    let found = recognise(google).unwrap();
    assert_eq!((found.kind, found.environment), (Kind::CloudKey, Some("test")));
    assert_eq!(field(&found, "keyId"), Some("fixture"));
    assert_eq!(field(&found, "secret"), Some(google));
    assert_eq!(field(&found, "account"), Some("ci@shop.iam"));

    let key = "f".repeat(86) + "==";
    let azure = format!(
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={key};EndpointSuffix=core.windows.net"
    );
    let found = recognise(&azure).unwrap();
    assert_eq!(field(&found, "secret"), Some(key.as_str()));
    assert_eq!(field(&found, "provider"), Some("azure"));
    let named = recognise(&format!("AZURE_STORAGE_CONNECTION_STRING=\"{azure}\"")).unwrap();
    assert_eq!(field(&named, "keyId"), Some("shop"));
    let bus =
        format!("Endpoint=sb://bus.example.net/;SharedAccessKeyName=Root;SharedAccessKey={key}");
    assert_eq!(field(&recognise(&bus).unwrap(), "account"), Some("bus.example.net"));

    let principal =
        r#"{"appId":"fixture-id","displayName":"ci","password":"fixture","tenant":"t"}"#;
    assert_eq!(field(&recognise(principal).unwrap(), "keyId"), Some("fixture-id"));
    let client = r#"{"web":{"client_id":"fixture","client_secret":"s","token_uri":"https://o.example/token"}}"#;
    assert_eq!(recognise(client).unwrap().kind, Kind::OauthClient);
}

#[test]
fn a_token_is_recognised_behind_bearer_too() {
    let token = token(r#"{"alg":"RS256"}"#, r#"{"iss":"https://id.example.com/x","sub":"ci"}"#);
    for pasted in [token.clone(), format!("Authorization: Bearer {token}"), format!("T={token}")] {
        let found = recognise(&pasted).unwrap();
        assert_eq!(found.kind, Kind::ServiceToken);
        assert_eq!(field(&found, "token"), Some(token.as_str()));
        assert_eq!(found.issuer.as_deref(), Some("id.example.com"));
    }
}

#[test]
fn the_name_of_a_variable_tells_of_values_without_a_shape() {
    for (line, kind, issuer) in [
        (
            format!("HEROKU_API_KEY={}", "01234567-89ab-cdef-0123-456789abcdef"),
            Kind::ApiKey,
            Some("Heroku"),
        ),
        (format!("DD_API_KEY={}", hex(32)), Kind::ApiKey, Some("Datadog")),
        (format!("CLOUDFLARE_API_TOKEN={}", x(40)), Kind::ApiKey, Some("Cloudflare")),
        ("GITHUB_WEBHOOK_SECRET=fixture-fixture".to_owned(), Kind::WebhookSecret, None),
        ("JWT_SECRET=fixture-fixture".to_owned(), Kind::SigningKey, None),
        ("STAGING_DB_PASSWORD=fixture-fixture".to_owned(), Kind::Secret, None),
        ("ACME_API_KEY='fixture-fixture'".to_owned(), Kind::ApiKey, None),
    ] {
        let found = recognise(&line).unwrap_or_else(|| panic!("{line}"));
        assert_eq!((found.kind, found.issuer.as_deref()), (kind, issuer), "{line}");
        assert_eq!(found.name.as_deref(), line.split('=').next());
        assert_eq!(found.environment, line.starts_with("STAGING").then_some("staging"));
    }
    for line in [
        "API_KEY=$OTHER_VALUE",
        "PASSWORD=<yours here>",
        "COLOUR=fixture-fixture",
        "TOKEN=short",
        "=x",
    ] {
        assert!(recognise(line).is_none(), "{line}");
    }
}

#[test]
fn lines_of_yaml_and_json_are_read_and_nothing_is_cut_off_a_bare_value() {
    let value = format!("ghp_{}", x(36));
    for line in [
        format!("token: {value}"),
        format!("- token: '{value}'"),
        format!("\"token\": \"{value}\","),
        format!("token = \"{value}\";"),
        format!("$env:token = \"{value}\""),
    ] {
        let found = recognise(&line).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(
            (field(&found, "secret"), found.name.as_deref()),
            (Some(value.as_str()), Some("token"))
        );
    }
    let found = recognise("MY_PASSWORD=fixture-fixture;,").unwrap();
    assert_eq!(field(&found, "value"), Some("fixture-fixture;,"));
}

#[test]
fn of_several_aws_pairs_the_first_is_taken_whole() {
    let pair =
        |c: &str| (format!("AKIA{}", c.to_uppercase().repeat(16)), format!("x/{}", c.repeat(38)));
    let (one, other) = (pair("a"), pair("b"));
    let text =
        format!("{}\n[a]\nk={}\ns={}\n[b]\nk={}\ns={}", x(40), one.0, one.1, other.0, other.1);
    let found = recognise(&text).unwrap();
    assert_eq!(field(&found, "keyId"), Some(one.0.as_str()));
    assert_eq!(field(&found, "secret"), Some(one.1.as_str()));
}

#[test]
fn a_chain_is_put_in_order() {
    let (root, middle, leaf) = three();
    let pasted = [&root, &leaf, &middle].map(Holder::pem).concat();
    let found = recognise(&pasted).unwrap();
    let expected = [&leaf, &middle, &root].map(|holder| holder.pem().replace('\r', "")).concat();
    let chain = field(&found, "chain").unwrap().replace('\r', "");
    assert_eq!(chain, expected);
    assert_eq!(found.fields.len(), 1);
}

#[test]
fn words_of_every_day_and_endless_pastes_are_nothing() {
    for text in [
        "",
        "  \n",
        "hello",
        "hello world",
        "a=b",
        "https://example.com",
        "1234567890",
        "{}",
        "{\"a\":1}",
    ] {
        assert!(recognise(text).is_none(), "{text}");
    }
    assert!(recognise(&format!("ghp_{}", x(256 * 1024))).is_none());
}

#[test]
fn the_debug_text_shows_no_value() {
    let value = format!("ghp_{}", "fixture0".repeat(5));
    let text = format!("{:?}", recognise(&value).unwrap());
    assert!(!text.contains("fixture0"), "{text}");
}

#[test]
fn the_value_and_the_name_say_what_an_entry_of_another_program_is() {
    let id = format!("AKIA{}", "FIXTUREFIXTURE22");
    for (name, user, value, kind) in [
        ("mail", Some("ana"), "fixture", Some(Kind::Login)),
        ("STRIPE_API_KEY", None, "fixture", Some(Kind::ApiKey)),
        ("s3", Some(id.as_str()), "fixture", Some(Kind::CloudKey)),
        ("URL", None, "postgres://u:fixture@h/d", Some(Kind::DatabaseLogin)),
        ("x", None, "fixture", Some(Kind::Secret)),
        ("x", None, "", None),
    ] {
        assert_eq!(guess(name, user, value), kind, "{name}");
    }
}
