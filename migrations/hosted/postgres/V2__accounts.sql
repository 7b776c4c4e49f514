-- Second factors, links that were mailed, and tries by network address.

create table second_factor (
    practice text collate "C" not null default the_practice(),
    member text collate "C" not null,
    secret bytea not null,
    confirmed bigint,
    last_step bigint not null,
    primary key (practice, member),
    foreign key (practice, member) references member (practice, id)
);

create table recovery_code (
    practice text collate "C" not null default the_practice(),
    code bytea not null,
    member text collate "C" not null,
    used bigint,
    primary key (practice, code),
    foreign key (practice, member) references member (practice, id)
);
create index recovery_code_member on recovery_code (practice, member);

create table mailed_link (
    practice text collate "C" not null default the_practice(),
    token bytea not null,
    member text collate "C" not null,
    expires bigint not null,
    used bigint,
    primary key (practice, token),
    foreign key (practice, member) references member (practice, id)
);
create index mailed_link_member on mailed_link (practice, member);

create table tries (
    practice text collate "C" not null default the_practice(),
    what text collate "C" not null,
    place bytea not null,
    since bigint not null,
    number bigint not null,
    primary key (practice, what, place)
);

call shut('second_factor');
call shut('recovery_code');
call shut('mailed_link');
call shut('tries');
