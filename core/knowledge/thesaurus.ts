/**
 * Words that callers and handbooks use for the same thing. General English of customer service, one group a line, nothing of
 * any one trade; embeddings, where they are configured, know more. `a b` is a phrase that a caller may say; only single words
 * are looked for.
 */
const GROUPS = `
price cost fee charge rate tariff pricing expense | how much | how expensive
cheap inexpensive affordable low lowest minimum
expensive pricey dear
pay payment paid settle charge fee
bill invoice statement
refund reimbursement reimburse compensation compensate credit | money back
discount reduction rebate offer saving save off
deposit prepayment advance
instalment installment monthly emi | pay in parts | pay monthly
cancel cancellation terminate termination end quit leave withdraw | call off | get out of | get rid of
attend cancel miss appear show absent | cant make it | cannot make it | cant come | cannot come | wont be able to
change modify alter amend move adjust switch
reschedule postpone move rebook
book booking reserve reservation appointment | sign up
buy purchase order
open opening opened start begin | opening hours
close closed closing end finish
hours time schedule when
arrive arrival come reach
depart departure leave leaving checkout
early before sooner earlier premature
late later after delay delayed overdue
wait waiting queue
contact reach call telephone phone ring
speak talk connect contact chat
person human agent representative operator executive advisor staff | real person | customer care | customer service | customer support
contact address office location located headquarters | your address | your office | where are you | are you located
phone mobile telephone cellphone handset smartphone cell device
email mail
internet wifi wireless network broadband online connection | wi fi
website site page portal
password passcode pin code
login signin sign | log in | log into | log on | sign in
account profile
user member person people colleague coworker employee staff team | co worker
customer client patron
invite add
delete remove erase discard trash
restore recover undo retrieve back | bring back | get back
download export
upload import
copy duplicate
file document paper papers
submit lodge file hand
form application
broken damaged damage defective faulty smashed cracked break
repair fix mend
fault problem issue trouble error failure outage disruption malfunction | not working | doesn't work | does not work | stopped working
outage failure fail unavailable offline disruption | is down | are down | been down | was down | went down | goes down | keeps dropping
slow sluggish lag
lost lose missing misplaced disappear vanish | never arrived | did not arrive
forget forgot forgotten left behind
stolen steal theft stole robbed
block bar lock suspend freeze
unlock unblock
replace replacement exchange substitute
return back
deliver delivery bring ship shipment
send ship post mail dispatch
parcel package packet shipment box
box carton packaging package
courier driver carrier
address location place destination
near nearby nearest close
car vehicle auto automobile
park parking garage
bus tram train transport
child children kid kids son daughter toddler baby minor
baby infant cot crib
parent guardian mother father mum mom dad
partner spouse husband wife
friend guest visitor companion
dog pet animal puppy
cat pet animal
eat food meal meals dining
breakfast morning
dinner supper evening
drink beverage
smoke smoking cigarette
allowed permitted permit may allow forbidden prohibited
need require required must necessary
limit maximum cap restriction largest most
large big heavy biggest maximum
heavy weigh weight weighs
size dimension measure large
small little tiny
many number amount quantity
insurance insured insure cover coverage covered policy
claim complaint compensation
complain complaint dispute wrong grievance
wrong incorrect mistake error
overcharge overcharged wrong dispute
guarantee warranty
proof evidence receipt invoice
receipt confirmation
doctor physician dentist
hurt pain ache painful sore
scared afraid fear anxious nervous frightened worried
emergency urgent
medicine medication drug
ill sick
disabled wheelchair accessible barrier handicapped
lift elevator
wash clean cleaning
quiet noise noisy loud
swim swimming pool
gym fitness
holiday vacation
abroad foreign overseas international roaming | other country | another country
travel trip journey
weekend saturday sunday
today day
night overnight nightly
month monthly
year yearly annual annually
week weekly
document identity passport
student pupil
senior pensioner retired
young age under old
extra additional further more another
upgrade improve
downgrade lower
contract agreement subscription plan
plan tariff package subscription
data internet gigabyte gigabytes gb gig gigs
sms text message texts messages
run exhaust used use | run out | used up | use up
fast speed quick
tax duty duties customs vat
colour color
neighbour neighbor
cheque check
centre center
licence license
catalogue catalog
cancelled canceled
grey gray
programme program
favourite favorite
tv television telly
taxi cab
bathroom toilet restroom wc
room bedroom
towel linen
key card
permission role right access
admin administrator
backup backups
secure security safe
privacy confidential data
notification alert reminder warning
spam junk
supported support compatible work
`;

type Related = ReadonlyMap<string, ReadonlySet<string>>;

function readGroups(): { words: Related; phrases: ReadonlyMap<string, readonly string[]> } {
  const words = new Map<string, Set<string>>();
  const phrases = new Map<string, string[]>();
  for (const line of GROUPS.trim().split('\n')) {
    const [singles = '', ...said] = line.split('|').map((part) => part.trim());
    const group = singles.split(' ');
    for (const word of group) words.set(word, new Set([...(words.get(word) ?? []), ...group.filter((other) => other !== word)]));
    for (const phrase of said) phrases.set(phrase, [...(phrases.get(phrase) ?? []), ...group]);
  }
  return { words, phrases };
}

/** word → words of the same meaning; phrase → words that say it. Spelled as in the groups, in small letters. */
export const { words: RELATED, phrases: PHRASES } = readGroups();
