-- Why a training that finished ended before its last step.
alter table run add column stop_reason text;
