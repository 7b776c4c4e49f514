-- The host's lives. Each restore from a backup begins one; its name is that of the life of the backup and a part more.
create table life (
    n integer primary key,
    name text not null unique,
    first_seq integer not null      -- its first row in `version`, but for those in `given_back`
) strict;
insert into life (name, first_seq) select value, 1 from setting where name = 'epoch';
delete from setting where name = 'epoch';

-- Versions that a restore had lost and a workstation gave back, with the life that it had them from.
create table given_back (
    seq integer primary key references version (seq),
    life text not null
) strict;
