-- Deletes an address if no customer has it any more. $1 its id.
delete from address
where address.id = $1::bigint
  and not exists (select from customer where customer.address_id = address.id)
