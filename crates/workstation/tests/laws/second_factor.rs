//! A second factor: set up from the window, asked for at the door, and a password that is typed once.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use practice::Code;
use sha1::Sha1;
use workstation::{
    Credentials,
    screen::{LockReason, Phase},
};

use super::world::{Account, Desk, World, password};

/// What an authenticator with `secret` shows so many times 30 seconds from now: RFC 6238, written once more.
pub fn shown(secret: &str, later: i64) -> String {
    let bits: String =
        secret.bytes().map(|b| format!("{:05b}", if b.is_ascii_digit() { b - b'2' + 26 } else { b - b'A' })).collect();
    let key: Vec<u8> = (0..bits.len() / 8).map(|i| u8::from_str_radix(&bits[i * 8..i * 8 + 8], 2).unwrap()).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(jiff::Timestamp::now().as_second() / 30 + later).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Sets one up for the member at work; gives the recovery codes, with which the tests sign in: they know no clock.
pub async fn set_up(desk: &Desk, me: &Account) -> Vec<String> {
    let offer = desk.ws.offer_second_factor(Some(password(&me.password))).await.unwrap();
    assert!(offer.qr.starts_with("<svg"));
    desk.ws.confirm_second_factor(shown(&offer.secret, 0)).await.unwrap()
}

/// Signs in with the password alone; the refusal.
async fn refused(desk: &Desk, me: &Account) -> Code {
    desk.sign_in(me.clone()).await.unwrap_err().code
}

async fn code(desk: &Desk, typed: &str) -> Result<Phase, Code> {
    desk.ws.sign_in_code(typed.to_owned()).await.map(|state| state.phase).map_err(|refused| refused.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_second_factor_types_the_password_once_and_then_the_code() {
    let world = World::at_work("admin").await;
    let (desk, me) = (&world.desk, world.host.account("admin"));
    let codes = set_up(desk, &me).await;
    let page = desk.ws.second_factor().await.unwrap();
    assert!(page.since.is_some() && page.recovery_codes == 10 && !page.required);
    desk.ws.sign_out();
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    assert_eq!(code(desk, "000000").await, Err(Code::WrongCode), "and the next may be right");
    assert_eq!(code(desk, &codes[0]).await, Ok(Phase::Open));
    assert!(desk.ws.computers().await.is_ok(), "the host knows them in person");
    assert_eq!(code(desk, &codes[1]).await, Err(Code::SignedOut), "nothing waits any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_waits_for_its_code_three_minutes_and_not_over_a_lock_or_another_try() {
    let world = World::at_work("admin").await;
    let (desk, me) = (&world.desk, world.host.account("admin"));
    let codes = set_up(desk, &me).await;
    desk.ws.sign_out();
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    desk.clock.pass(Duration::from_secs(180));
    assert_eq!(code(desk, &codes[0]).await, Err(Code::SignedOut), "too late");
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    desk.ws.lock(LockReason::System);
    assert_eq!(code(desk, &codes[0]).await, Err(Code::SignedOut), "the computer was locked");
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    assert_eq!(desk.sign_in_with(&me, "not it").await.unwrap_err().code, Code::WrongPassword);
    assert_eq!(code(desk, &codes[0]).await, Err(Code::SignedOut), "somebody else tried");
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    assert_eq!(code(desk, &codes[0]).await, Ok(Phase::Open), "and the code was not used up by any of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_come_with_the_password_and_none_is_wanted_without_the_host() {
    let world = World::at_work("admin").await;
    let (desk, me) = (&world.desk, world.host.account("admin"));
    let codes = set_up(desk, &me).await;
    desk.ws.sign_out();
    let who = Credentials { email: me.email.clone(), password: password(&me.password) };
    assert_eq!(desk.ws.sign_in_with(who, Some(codes[0].clone())).await.unwrap().phase, Phase::Open);
    desk.ws.sign_out();
    world.gate.close();
    assert_eq!(desk.sign_in(me.clone()).await.unwrap().phase, Phase::Open, "the host asks for it, and is away");
    desk.ws.sign_out();
    world.gate.open();
    assert_eq!(refused(desk, &me).await, Code::SecondFactor);
    world.gate.close();
    assert_eq!(code(desk, "000000").await, Ok(Phase::Open), "it went away between the password and the code");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_of_a_member_with_a_second_factor_unlocks_with_the_code() {
    let world = World::at_work("admin").await;
    let (desk, mut me) = (&world.desk, world.host.account("admin"));
    let codes = set_up(desk, &me).await;
    world.host.tell(&["member", "reset", &me.email, "--password-stdin"], "another-long-password-17\n");
    desk.ws.lock(LockReason::Asked);
    me.password = "another-long-password-17".into();
    assert_eq!(desk.unlock(&me, &me.password).await.unwrap_err().code, Code::SecondFactor);
    assert_eq!(code(desk, &codes[0]).await, Ok(Phase::Open));
    world.gate.close();
    desk.ws.lock(LockReason::Asked);
    desk.unlock(&me, &me.password).await.expect("from now on without the host too");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_without_a_second_factor_sets_one_up_at_the_door() {
    let world = World::enrolled().await;
    let (desk, me) = (&world.desk, world.host.account("desk"));
    world.host.tell(&["policy", "set", "second_factor=front_desk"], "");
    assert_eq!(refused(desk, &me).await, Code::SecondFactorMissing);
    let offer = desk.ws.offer_second_factor(None).await.unwrap();
    assert_eq!(desk.ws.confirm_second_factor("000000".into()).await.unwrap_err().code, Code::WrongCode);
    let codes = desk.ws.confirm_second_factor(shown(&offer.secret, 0)).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert_eq!(code(desk, &codes[0]).await, Ok(Phase::Open));
    assert!(desk.ws.second_factor().await.unwrap().required);
    desk.ws.sign_out();
    assert_eq!(desk.ws.offer_second_factor(None).await.err().unwrap().code, Code::SignedOut, "nobody typed a password");
}
