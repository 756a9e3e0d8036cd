//! A message into a chat: what the webhook gets, and what its answers mean.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use keyturn_model::{Timestamp, channel::ChannelSetup, rotation::Why, setup::Secrets};
use keyturn_notices::{Message, Unsent, faults, send};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

fn secrets(address: &str) -> Secrets {
    [("address".to_owned(), address.to_owned().into())].into()
}

fn message() -> Message {
    Message {
        id: "0a1b".into(),
        at: Timestamp(0),
        subject: "Rotated: <!channel> \"a&b\"".into(),
        text: "all is well, @here".into(),
    }
}

async fn sent(address: &str, private: bool) -> Result<(), Unsent> {
    send(&ChannelSetup::Chat { private }, &secrets(address), &message()).await
}

/// A server that answers each of these once, and shows what it was asked. Without an answer it hangs.
async fn server(answers: Vec<String>) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook/fixture-secret", listener.local_addr().unwrap());
    let (asked, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut hanging = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\"}") {
                request.push(stream.read_u8().await.unwrap());
            }
            let _ = asked.send(String::from_utf8(request).unwrap());
            if answer.is_empty() {
                hanging.push(stream);
            } else {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
        std::future::pending::<()>().await;
        drop(hanging);
    });
    (address, seen)
}

fn answer(status: u16, more: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n{more}\r\nok")
}

#[tokio::test]
async fn a_chat_gets_the_text_and_no_name_in_it_is_more_than_text() {
    let (address, mut asked) = server(vec![answer(200, "")]).await;
    sent(&address, true).await.unwrap();
    let asked = asked.recv().await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook/fixture-secret HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let text = "*Rotated: &lt;!channel&gt; \"a&amp;b\"*\nall is well, @\u{2060}here";
    assert_eq!(body, serde_json::json!({ "text": text }));
}

#[tokio::test]
async fn an_answer_says_whether_it_is_sent_again_and_when() {
    let later = |why, wait_s| Unsent::Later { why, wait_s };
    for (status, more, is) in [
        (429, "Retry-After: 7\r\n", later(Why::Busy, Some(7))),
        (429, "", later(Why::Busy, None)),
        (500, "", later(Why::Unknown, None)),
        (503, "Retry-After: 9\r\n", later(Why::Unknown, Some(9))),
        (302, "Location: /else\r\n", later(Why::Unknown, None)),
        (400, "", Unsent::Never(Why::Refused)),
        (403, "", Unsent::Never(Why::Denied)),
        (404, "", Unsent::Never(Why::Gone)),
    ] {
        let (address, mut asked) = server(vec![answer(status, more)]).await;
        assert_eq!(sent(&address, true).await, Err(is), "{status}");
        asked.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_left_after_a_while_and_asked_again_later() {
    let (address, _asked) = server(vec![String::new()]).await;
    let hung = sent(&address, true).await;
    assert_eq!(hung, Err(Unsent::Later { why: Why::Unknown, wait_s: None }));
}

#[tokio::test]
async fn an_address_in_this_computer_is_called_only_if_that_was_said() {
    let (address, mut asked) = server(vec![answer(200, "")]).await;
    assert_eq!(sent(&address, false).await, Err(Unsent::Never(Why::Forbidden)));
    assert!(asked.try_recv().is_err());
    let fault = |address: &str, private| {
        let faults = faults(&ChannelSetup::Chat { private }, &secrets(address));
        faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    assert_eq!(fault(&address, false), ["address"]);
    assert_eq!(fault("http://chat.example.com/hook", true), ["address"]);
    assert!(fault(&address, true).is_empty());
    assert!(fault("https://chat.example.com/hook", false).is_empty());
}
