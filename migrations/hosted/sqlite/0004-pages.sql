-- Full pages of the feed as they are sent, made when a computer joins: no row of theirs ever changes, and the computers
-- that follow ask for the same.
create table page (
    n integer primary key,
    life text not null,             -- in which the host tells it so
    base text not null,             -- address that its full URLs begin with
    after integer not null,         -- in `version`: the page begins behind it
    last integer not null,          -- and ends with it
    body blob not null,             -- a Bundle, zstd
    unique (life, base, after)
) strict;
