-- Every constraint has a name, because the name is what an error carries: src/server/errors.ts turns it into
-- the answer, and no statement has to ask beforehand whether a value is taken.

alter table address
  add constraint address_pkey primary key (id);

alter table customer
  add constraint customer_pkey primary key (id),
  add constraint customer_customer_id_key unique (customer_id),
  add constraint customer_gender_check check (gender in ('undefined', 'male', 'female', 'non_binary')),
  add constraint customer_address_id_fkey foreign key (address_id) references address (id);

alter table customer_relationship
  add constraint customer_relationship_pkey primary key (id),
  add constraint customer_relationship_customer_ref_key unique (customer_ref),
  add constraint customer_relationship_points_check check (points >= 0),
  add constraint customer_relationship_customer_ref_fkey foreign key (customer_ref)
    references customer (id) on delete cascade;
