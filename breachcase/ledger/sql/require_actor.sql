-- I1: a protected table refuses a change in a transaction that has not said who stands behind it.
CREATE FUNCTION breachcase_require_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('breachcase.actor', true), '') = '' THEN
        RAISE EXCEPTION 'no actor declared for % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
