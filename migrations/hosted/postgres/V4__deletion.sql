-- When it was asked that the practice be deleted, and taken back.
create table deletion (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    asked bigint not null,
    asked_by text collate "C" not null,
    due bigint not null,
    comment text,
    taken_back bigint,
    taken_back_by text collate "C",
    primary key (practice, id),
    foreign key (practice, asked_by) references member (practice, id),
    foreign key (practice, taken_back_by) references member (practice, id)
);

call shut('deletion');
