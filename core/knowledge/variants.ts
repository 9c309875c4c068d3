/**
 * Forms that no stemmer brings together: irregular ones, spellings of two shores, and names that mean nothing but the same.
 * One group a line.
 */
const GROUPS = `
arise arose arisen
begin began begun
bite bit bitten
bleed bled
break broke broken
breastfeed breastfeeding breastfed
bring brought
build built
burn burnt burned
buy bought
catch caught
choose chose chosen
come came
deal dealt
do did done
draw drew drawn
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feel felt
fight fought
find found
fly flew flown
forbid forbade forbidden
forget forgot forgotten
freeze froze frozen
get got gotten
give gave given
go went gone
grow grew grown
hang hung
hear heard
hide hid hidden
hold held
keep kept
know knew known
lay laid
lead led
learn learnt learned
leave left
lend lent
lie lay lain
lose lost loss losses
make made
mean meant
meet met
pay paid
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
shake shook shaken
shine shone
show shown
sign signature
sing sang sung
sink sank sunk
sit sat
sleep slept
speak spoke spoken
spend spent
stand stood
steal stole stolen theft
stick stuck
swear swore sworn
swell swelled swollen
swim swam swum
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
understand understood
wake woke woken
wear wore worn
win won
write wrote written
child children kid kids
foot feet
goose geese
half halves
knife knives
leaf leaves
life lives
man men
mouse mice
person people
shelf shelves
tooth teeth
wife wives
wolf wolves
woman women
agree agreement
break breakage
complain complaint
decide decision
deliver delivery
describe description
expire expiry expiration
explain explanation
extend extension
inquire inquiry enquire enquiry
maintain maintenance
notify notification
permit permission
post postage
recover recovery
register registration
store storage
subscribe subscription
use usage
verify verification
weigh weight
analyse analyze
authorise authorize authorisation authorization
cancelled canceled cancelling canceling cancellation cancelation cancel
catalogue catalog
centre center
centimetre centimeter cm
colour color
defence defense
dialogue dialog
enrolment enrollment
favourite favorite
fibre fiber
flavour flavor
fulfil fulfill
grey gray
honour honor
instalment installment instalments installments
jewellery jewelry
kilogram kilo kilos kg kilogrammes
kilometre kilometer km
labour labor
licence license
litre liter
metre meter
neighbour neighbor neighbours neighbors
organisation organization organise organize
programme program
recognise recognize
theatre theater
travelled traveled travelling traveling travel
tyre tire
aeroplane airplane plane
anaesthesia anesthesia anaesthetic anesthetic
autumn fall
flat apartment
gram gramme
mum mom mother
dad father
luggage baggage
lorry truck
mobile cellphone
parcel package
petrol gas gasoline
post mail
postcode zip zipcode
timetable schedule
tv television telly
wifi wireless wlan
email mail mails
photo picture photograph image
ad advert advertisement
info information
app application
admin administrator
gb gigabyte gigabytes gig gigs
mb megabyte megabytes
euro euros eur
id identity identification
tel telephone phone
`;

function readGroups(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of GROUPS.trim().split('\n')) {
    const group = line.split(' ');
    for (const word of group) found.set(word, new Set([...(found.get(word) ?? []), ...group.filter((other) => other !== word)]));
  }
  return found;
}

/** word → what is the same word otherwise; in small letters. */
export const VARIANTS = readGroups();
