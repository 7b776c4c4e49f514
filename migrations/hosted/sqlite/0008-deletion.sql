-- When it was asked that the practice be deleted, and taken back. The last one runs unless it was taken back.
create table deletion (
    id text primary key,
    asked integer not null,
    asked_by text not null references member (id),
    due integer not null,
    comment text,
    taken_back integer,
    taken_back_by text references member (id)
) strict, without rowid;
