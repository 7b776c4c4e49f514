-- What was said when it was taken back that the practice be deleted.
alter table deletion add column taken_back_comment text;
