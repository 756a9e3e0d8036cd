use super::*;
use crate::testing::{known, version};

fn uses(format: Format, file: &str, text: &str) -> Vec<Use> {
    let known =
        known(&["fixture-value-one", "fixture value/two", "fixture-first\nfixture-second-line"]);
    let given = Given { file, known: &known, limits: Limits::USUAL };
    read(format, text.as_bytes(), &given).unwrap()
}

/// Who, where from, called what, and the numbers of the values.
fn told(uses: &[Use]) -> Vec<(String, String, &str, Vec<u32>)> {
    fn one(found: &Use) -> (String, String, &str, Vec<u32>) {
        let source = match &found.source {
            Source::Here => "here".to_owned(),
            Source::Kept { name, key: None } => format!("kept {name}"),
            Source::Kept { name, key: Some(key) } => format!("kept {name}/{key}"),
            Source::File { path } => format!("file {path}"),
            Source::Variable { name } => format!("variable {name}"),
        };
        let numbers = (1..9).filter(|number| found.holds.contains(&version(*number))).collect();
        let who = format!("{}@{}", found.consumer.name, found.consumer.environment);
        (who, source, &found.called, numbers)
    }
    uses.iter().map(one).collect()
}

fn row<'a>(
    who: &str,
    source: &str,
    called: &'a str,
    numbers: &[u32],
) -> (String, String, &'a str, Vec<u32>) {
    (who.into(), source.into(), called, numbers.to_vec())
}

#[test]
fn objects_of_kubernetes_tell_variables_volumes_and_pulls_that_come_from_secrets() {
    let text = r#"{"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop","namespace":"prod"},"spec":{"template":{"spec":{
            "imagePullSecrets":[{"name":"registry"}],
            "volumes":[{"name":"certs","secret":{"secretName":"shop-tls"}},{"name":"all","projected":{"sources":[{"secret":{"name":"more"}},{"configMap":{"name":"x"}}]}},{"name":"tmp","emptyDir":{}}],
            "initContainers":[{"name":"migrate","env":[{"name":"DB","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}]}],
            "containers":[{"name":"web","args":["--token=fixture-value-one"],"envFrom":[{"prefix":"PAY_","secretRef":{"name":"pay"}},{"configMapRef":{"name":"c"}}],
                "env":[{"name":"PLAIN","value":"https://u:fixture%20value%2Ftwo@host"},{"name":"LEVEL","value":"info"},{"name":"FIELD","valueFrom":{"fieldRef":{"fieldPath":"x"}}}]}]}}}},
        {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"nightly","namespace":"prod"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{
            "containers":[{"envFrom":[{"secretRef":{"name":"backup"}}]}]}}}}}},
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"nightly-1","ownerReferences":[{"name":"nightly"}]},"spec":{"template":{"spec":{
            "containers":[{"envFrom":[{"secretRef":{"name":"backup"}}]}]}}}},
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"data":{"password":"Zml4dHVyZS12YWx1ZS1vbmU="}}]}"#;
    let uses = uses(Format::Kubernetes, "objects.json", text);
    let expected = [
        row("shop@prod", "kept db/password", "DB", &[]),
        row("shop@prod", "here", "PLAIN", &[2]),
        row("shop@prod", "kept pay", "PAY_", &[]),
        row("shop@prod", "here", "", &[1]),
        row("shop@prod", "kept shop-tls", "certs", &[]),
        row("shop@prod", "kept more", "all", &[]),
        row("shop@prod", "kept registry", "imagePullSecrets", &[]),
        row("nightly@prod", "kept backup", "", &[]),
    ];
    assert_eq!(told(&uses), expected);
    assert_eq!(uses.last().unwrap().consumer.deployment, Deployment::Job);
    let manifest = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n    spec:\n      containers:\n      - envFrom: [{secretRef: {name: db-login}}]\n---\n# nothing\n---\napiVersion: v1\nkind: Service\nmetadata: {name: db}\n";
    let uses = self::uses(Format::Kubernetes, "db.yaml", manifest);
    assert_eq!(told(&uses), [row("db@", "kept db-login", "", &[])]);
}

#[test]
fn services_of_compose_tell_variables_files_and_secrets() {
    let text = "name: pay\nservices:\n  web:\n    environment:\n      PLAIN: fixture-value-one\n      TOKEN: ${OUTER_TOKEN:-none}\n      PRICE: $$5\n      COUNT: 3\n      PASSED:\n\
        \x20   env_file: [web.env, {path: more.env, required: false}]\n    secrets: [db, {source: api, target: /run/api}, outside]\n\
        \x20 job:\n    env_file: job.env\n    environment:\n      - LISTED=x fixture value/two x\n      - PASSED\n\
        secrets:\n  db: {file: ./db.txt}\n  api: {environment: API_KEY}\n  outside: {external: true, name: real}\n";
    let uses = uses(Format::Compose, "compose.yaml", text);
    let expected = [
        row("pay / web@", "here", "PLAIN", &[1]),
        row("pay / web@", "variable OUTER_TOKEN", "TOKEN", &[]),
        row("pay / web@", "variable PASSED", "PASSED", &[]),
        row("pay / web@", "file web.env", "", &[]),
        row("pay / web@", "file more.env", "", &[]),
        row("pay / web@", "file ./db.txt", "db", &[]),
        row("pay / web@", "variable API_KEY", "/run/api", &[]),
        row("pay / web@", "kept real", "outside", &[]),
        row("pay / job@", "here", "LISTED", &[2]),
        row("pay / job@", "variable PASSED", "PASSED", &[]),
        row("pay / job@", "file job.env", "", &[]),
    ];
    let mut found = told(&uses);
    let mut expected = expected.to_vec();
    // A map has no order.
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn units_of_systemd_tell_variables_files_and_credentials() {
    let text = "# unit\n[Unit]\nEnvironment=A=fixture-value-one\n[Service]\nType=oneshot\n\
        Environment=\"A=fixture-value-one\" B=x 'C=fixture value/two'\nEnvironmentFile=-/etc/pay.env\n\
        LoadCredential=token:/etc/token\nLoadCredentialEncrypted=key\nSetCredential=set:fixture-value-one\n\
        PassEnvironment=P \\\n; remark\n  Q\nExecStart=/bin/pay --key fixture-value-one\nEnvironmentFile=\n";
    let expected = [
        row("pay@", "here", "A", &[1]),
        row("pay@", "here", "C", &[2]),
        row("pay@", "file /etc/pay.env", "", &[]),
        row("pay@", "file /etc/token", "token", &[]),
        row("pay@", "file key", "key", &[]),
        row("pay@", "here", "set", &[1]),
        row("pay@", "variable P", "P", &[]),
        row("pay@", "variable Q", "Q", &[]),
        row("pay@", "here", "ExecStart", &[1]),
    ];
    for file in ["/etc/systemd/system/pay.service", "/etc/systemd/system/pay.service.d/more.conf"] {
        let uses = uses(Format::Systemd, file, text);
        assert_eq!(told(&uses), expected, "{file}");
        assert_eq!(uses[0].consumer.deployment, Deployment::Job);
    }
}

#[test]
fn variables_in_a_file_tell_their_names_where_the_value_is_known() {
    let text = "# remark = fixture-value-one\nexport A=fixture-value-one # remark\nB = 'fixture value/two'\r\nC=other\n\
        KEY=\"fixture-first\nfixture-second-line\" # end\nONE=\"fixture-first\\nfixture-second-line\"\nE=\nQ='open\n";
    let expected = [
        row("shop@", "here", "A", &[1]),
        row("shop@", "here", "B", &[2]),
        row("shop@", "here", "KEY", &[3]),
        row("shop@", "here", "ONE", &[3]),
    ];
    assert_eq!(told(&uses(Format::Env, "/srv/shop/.env", text)), expected);
}

#[test]
fn workflows_tell_the_names_of_the_secrets_that_each_job_uses() {
    let text = "name: release\non: push\nenv: {ALL: \"${{ secrets.SHARED }}\"}\njobs:\n  build:\n    environment: {name: prod}\n    steps:\n\
        \x20   - run: deploy ${{ secrets.DEPLOY_KEY }} ${{secrets['OTHER_KEY']}} ${{ secrets.GITHUB_TOKEN }}\n    - run: echo secrets.are.no_expression here ${{ env.X }}\n\
        \x20   - if: secrets.DEPLOY_KEY != ''\n  call:\n    environment: stage\n    uses: ./x.yml\n    secrets: inherit\n";
    let uses = uses(Format::GithubActions, ".github/workflows/release.yml", text);
    let named = |job: &str, name: &'static str| row(job, &format!("kept {name}"), name, &[]);
    let mut found = told(&uses);
    found.sort();
    let mut expected = vec![
        named("release / build@prod", "SHARED"),
        named("release / build@prod", "DEPLOY_KEY"),
        named("release / build@prod", "OTHER_KEY"),
        named("release / call@stage", "SHARED"),
    ];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn pipelines_tell_the_names_of_the_variables_that_nothing_sets() {
    let text = "variables: {SET_HERE: x}\nstages: [deploy]\n.hidden:\n  script: [echo $HIDDEN_TOKEN]\ndeploy:\n  environment: {name: prod}\n  variables: {OWN: y}\n  secrets:\n    DB: {vault: prod/db/password@ops}\n\
        \x20 script:\n  - export LOCAL=1; deploy --key \"$DEPLOY_KEY\" $CI_COMMIT_SHA ${OWN} $SET_HERE\n  - for FILE in *; do echo $FILE $LOCAL $$5 $1 $lower $HOME; done\n";
    let uses = uses(Format::GitlabCi, ".gitlab-ci.yml", text);
    let mut found = told(&uses);
    found.sort();
    let expected = [
        row(".hidden@", "kept HIDDEN_TOKEN", "HIDDEN_TOKEN", &[]),
        row("deploy@prod", "kept DEPLOY_KEY", "DEPLOY_KEY", &[]),
        row("deploy@prod", "kept prod/db/password@ops", "DB", &[]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_damaged_is_refused_with_its_line() {
    let known = known(&[]);
    let given = Given { file: "x.service", known: &known, limits: Limits::USUAL };
    for (format, text, line) in [
        (Format::Kubernetes, "{\"apiVersion\":\n\"v1\",,", 2),
        (Format::Env, "A=1\n\nfixture without sign", 3),
        (Format::Env, "A=\"1\n2\"\n=x", 3),
        (Format::Systemd, "[Service]\nfixture", 2),
    ] {
        assert_eq!(read(format, text.as_bytes(), &given), Err(Refused::Damaged { line }), "{text}");
    }
    for format in Format::ALL {
        assert_eq!(read(format, b"A=\xFF", &given), Err(Refused::NotText));
    }
    for format in [Format::Compose, Format::Kubernetes, Format::GithubActions, Format::GitlabCi] {
        assert_eq!(read(format, b"a: 1", &given), Err(Refused::NotThisFormat));
    }
}

#[test]
fn what_asks_for_too_much_is_refused_before_it_is_parsed() {
    let known = known(&[]);
    let limits = Limits { file: 10_000, nesting: 20, items: 500, found: 3, ..Limits::USUAL };
    let given = Given { file: "x", known: &known, limits };
    let refused = |format, text: String| read(format, text.as_bytes(), &given).unwrap_err();
    let kubernetes = |text| refused(Format::Kubernetes, text);
    assert_eq!(kubernetes(" ".repeat(10_001)), Refused::TooLarge { most: 10_000 });
    assert_eq!(kubernetes("[".repeat(9_000)), Refused::TooDeep { most: 20 });
    assert_eq!(kubernetes(format!("[{}1]", "1,".repeat(600))), Refused::TooMany { most: 500 });
    for bomb in ["- ".repeat(4_000), "? ".repeat(4_000), "[a,".repeat(2_000)] {
        refused(Format::Compose, bomb);
    }
    let uses = (0..4).map(|n| format!("LoadCredential=c{n}:/x\n")).collect::<String>();
    assert_eq!(
        refused(Format::Systemd, format!("[Service]\n{uses}")),
        Refused::TooMany { most: 3 }
    );
}

#[test]
fn the_name_of_a_file_tells_what_it_is() {
    for (path, format) in [
        ("/a/docker-compose.prod.yml", Some(Format::Compose)),
        ("compose.yaml", Some(Format::Compose)),
        ("/etc/systemd/system/x.service", Some(Format::Systemd)),
        ("/etc/systemd/system/x.service.d/y.conf", Some(Format::Systemd)),
        ("/a/.env", Some(Format::Env)),
        ("/a/.env.local", Some(Format::Env)),
        ("/a/prod.env", Some(Format::Env)),
        ("C:\\a\\.github\\workflows\\x.yml", Some(Format::GithubActions)),
        ("/a/.gitlab-ci.yml", Some(Format::GitlabCi)),
        ("/a/x.yml", None),
        ("/a/nginx.conf", None),
        ("/a/compose.rs", None),
    ] {
        assert_eq!(Format::of(path), format, "{path}");
    }
}
