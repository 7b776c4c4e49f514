-- Lets the host, which owns no table, have it looked at how much is in them: how a statement is run that was prepared
-- when they were empty is wrong for a million rows.
create procedure look_at_sizes() language plpgsql security definer set search_path from current as $$
begin
    analyze resource, version, term, holding;
end
$$;
