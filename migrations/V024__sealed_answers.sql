-- Answers kept under an Idempotency-Key that hold a token or an invitation are from now on sealed with the credential of
-- who asked; those kept in the clear are forgotten.
delete from idempotency_key where path like '/api/annotators%';
