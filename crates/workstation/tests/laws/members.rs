//! The practice's members, from the admin's desk.

use practice::{Code, Role};
use workstation::{
    Outcome,
    screen::{Account, Invite, LockReason, MemberAct, MemberChange, Phase},
};

use super::{second_factor::set_up, world::World};

async fn set(world: &World, member: &str, act: MemberAct) -> Outcome<Account> {
    let comment = Some("a test".to_owned());
    world.desk.ws.set_member(MemberChange { member: member.to_owned(), act, comment }).await
}

async fn account(world: &World, name: &str) -> Account {
    let all = world.desk.ws.members().await.unwrap().accounts;
    all.into_iter().find(|one| one.tile.email == format!("{name}@example.test")).expect("a member")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_gives_a_role_stops_a_member_and_lets_them_work_again() {
    let world = World::at_work("admin").await;
    let (desk, me) = (world.another("desk").await, world.host.account("desk"));
    let them = account(&world, "desk").await;
    assert_eq!((them.role, them.stopped, them.has_password), (Role::FrontDesk, false, true));
    let now = set(&world, &them.tile.id, MemberAct::Role(Role::Clinical)).await.unwrap();
    assert_eq!(now.role, Role::Clinical);
    assert_eq!(account(&world, "desk").await, now, "the host has it");

    assert!(set(&world, &them.tile.id, MemberAct::Stop).await.unwrap().stopped);
    let _ = desk.ws.sync_once().await;
    desk.ws.lock(LockReason::Asked);
    assert_eq!(desk.unlock(&me, &me.password).await.unwrap_err().code, Code::MemberStopped);
    assert!(!set(&world, &them.tile.id, MemberAct::Start).await.unwrap().stopped);
    assert_eq!(desk.unlock(&me, &me.password).await.unwrap().phase, Phase::Open);
    let told = world.desk.ws.audit(true).unwrap();
    let words = format!("{:?}", told.events.iter().map(|line| &line.event).collect::<Vec<_>>());
    for what in ["role clinical", "stopped", "started", "a test"] {
        assert!(words.contains(what), "the chain here tells of it: {what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_seen_and_taken_away() {
    let world = World::at_work("admin").await;
    let (desk, me) = (world.another("desk").await, world.host.account("desk"));
    set_up(&desk, &me).await;
    let them = account(&world, "desk").await;
    assert!(them.second_factor.is_some());
    assert_eq!(set(&world, &them.tile.id, MemberAct::ResetSecondFactor).await.unwrap().second_factor, None);
    desk.ws.sign_out();
    assert_eq!(desk.sign_in(me).await.unwrap().phase, Phase::Open, "with the password alone");
    assert_eq!(set(&world, &them.tile.id, MemberAct::ResetSecondFactor).await.unwrap_err().code, Code::NotNow);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_are_the_admins_alone_and_need_the_host() {
    let world = World::at_work("admin").await;
    let desk = world.another("desk").await;
    let id = account(&world, "desk").await.tile.id;
    world.gate.asked();
    let start = || MemberChange { member: id.clone(), act: MemberAct::Role(Role::Admin), comment: None };
    let invite = || Invite {
        name: "New".into(),
        email: "new@example.test".into(),
        role: Role::Admin,
        practitioner: None,
        comment: None,
    };
    assert_eq!(desk.ws.members().await.unwrap_err().code, Code::Forbidden);
    assert_eq!(desk.ws.set_member(start()).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(desk.ws.invite(invite()).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");
    world.gate.close();
    for refused in [
        world.desk.ws.members().await.unwrap_err(),
        world.desk.ws.set_member(start()).await.unwrap_err(),
        world.desk.ws.invite(invite()).await.unwrap_err(),
    ] {
        assert_eq!(refused.code, Code::HostUnreachable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_and_a_host_without_mail_invites_nobody() {
    let world = World::at_work("admin").await;
    let me = account(&world, "admin").await.tile.id;
    for act in [MemberAct::Stop, MemberAct::Role(Role::FrontDesk)] {
        let refused = set(&world, &me, act).await.unwrap_err();
        assert_eq!(refused.code, Code::Forbidden);
        assert!(refused.say.contains("only admin"), "{}", refused.say);
    }
    assert_eq!(set(&world, &me, MemberAct::MailLink).await.unwrap_err().code, Code::NotNow);
    let before = world.desk.ws.members().await.unwrap();
    assert!(!before.practitioners.is_empty(), "whom a provider can be");
    let invite = |practitioner: &str| Invite {
        name: "New".into(),
        email: "new@example.test".into(),
        role: Role::Provider,
        practitioner: Some(practitioner.to_owned()),
        comment: None,
    };
    let refused = world.desk.ws.invite(invite(&before.practitioners[0].id)).await.unwrap_err();
    assert_eq!(refused.code, Code::NotNow);
    assert!(refused.say.contains("sends no mail"), "{}", refused.say);
    assert_eq!(world.desk.ws.invite(invite("../x")).await.unwrap_err().code, Code::NotFound);
    assert_eq!(world.desk.ws.members().await.unwrap(), before);
    let forgotten = world.desk.ws.forgotten_password("admin@example.test").await.unwrap_err();
    assert_eq!(forgotten.code, Code::NotNow);
    assert_eq!(world.desk.ws.forgotten_password(" ").await.unwrap_err().code, Code::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_with_a_second_factor_is_the_policys_to_say() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let change = |base_version, roles: Option<Vec<Role>>| workstation::screen::PolicyChange {
        base_version,
        time_outs: Vec::new(),
        lease_hours: None,
        grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: None,
        second_factor: roles,
        comment: None,
    };
    assert_eq!(ws.policy_page().unwrap().second_factor, []);
    let page = ws.set_policy(change(1, Some(vec![Role::Provider]))).await.unwrap();
    assert_eq!(page.second_factor, [Role::Provider]);
    assert_eq!(ws.members().await.unwrap().second_factor, [Role::Provider]);
    let page = ws.set_policy(change(page.version, None)).await.unwrap();
    assert_eq!(page.second_factor, [Role::Provider], "what is not named stays");
    assert_eq!(ws.set_policy(change(page.version, Some(Vec::new()))).await.unwrap().second_factor, []);
}
