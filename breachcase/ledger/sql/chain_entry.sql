-- Sets an entry's place, time and hashes; breachcase/ledger/chain.py computes the same. The application may not
-- set them itself, and may not write in another's name than the one it has declared.
CREATE FUNCTION breachcase_chain_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    IF NEW.actor_id::text <> coalesce(current_setting('breachcase.actor', true), '') THEN
        RAISE EXCEPTION 'the entry names another actor than the transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.action ~ '[^a-z0-9_]' THEN
        RAISE EXCEPTION 'an action is lower-case words: %', NEW.action;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('breachcase-chain-' || NEW.chain_id::text, 0));
    SELECT sequence, sha256 INTO last FROM ledger_entry WHERE chain_id = NEW.chain_id ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.previous_sha256 := coalesce(last.sha256, repeat('0', 64));
    NEW.recorded_at := clock_timestamp();
    NEW.sha256 := encode(sha256(convert_to(concat_ws(E'\n',
        NEW.previous_sha256,
        'breachcase-entry-1',
        NEW.chain_id::text,
        NEW.sequence::text,
        to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor_id::text,
        coalesce(NEW.on_behalf_of_id::text, '-'),
        NEW.action,
        NEW.subject_id::text,
        NEW.payload), 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER chain_entry BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION breachcase_chain_entry();
