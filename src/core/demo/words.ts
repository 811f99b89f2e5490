/**
 * What people of the demo company write down: about a product for truck yards, short and as they would. `{name}`, `{company}`,
 * `{trucks}`, `{doors}`, `{city}` and `{system}` are filled in.
 */

export const WELCOME_SUBJECTS = [
  "Welcome, {name}: how yards like yours cut waiting time",
  "Your guide, and one question about the gate at {company}",
  "Trucks at {company}: a first thought",
  "Nice to meet you, {name}",
  "What {trucks} trucks a day look like with booked slots",
  "Three yards that began where you are",
  "Your registration, and who I am",
  "The gate in {city}: shall we compare notes?",
  "A short film from a yard with {doors} doors",
  "Following up on what you read about dock scheduling",
] as const;

export const FOLLOW_UP_SUBJECTS = [
  "The numbers we spoke about",
  "Short summary of our call",
  "Self check-in: the driver's view in two minutes",
  "How carriers book their own slots",
  "Before and after: dwell time at a food warehouse",
  "Dates for a visit to your yard",
  "Answers to your questions about the interface",
  "Is next week better, {name}?",
  "One page for your managing director",
  "What a pilot at one gate would need from you",
] as const;

export const NEWS_SUBJECTS = [
  "Dwell time is a cost: how to put a figure on it",
  "New: drivers check in with their own phone",
  "Five questions to ask before you buy a yard system",
  "Winter peak: keep the queue off the road",
  "Slots that carriers keep: what works",
  "What we learned from forty gates",
] as const;

export const CALLS_NO_ANSWER = [
  "No answer, left a message on the mailbox.",
  "Reception: in a meeting until noon. Trying again tomorrow.",
  "On the road this week, asked me to write instead.",
  "Line busy twice. Sent a short mail with two dates.",
  "Colleague answered: back on Monday.",
  "Rang out. The yard is probably in the morning peak.",
] as const;

export const CALLS_REACHED = [
  "Gate is staffed in two shifts and still the queue reaches the road before nine. Wants to know what self check-in costs.",
  "They book slots by e-mail; two people do nothing else. Liked the idea that carriers book themselves.",
  "Around {trucks} trucks a day at {doors} doors, nobody knows how long one stays. Wants figures before anything else.",
  "Works with {system}. It stops at the gate; what happens in the yard is on a whiteboard.",
  "Driver waiting time is invoiced back by carriers since spring. That is the pain, and it has a figure.",
  "New hall opens next year in {city}; the yard should be planned with it.",
  "Safety audit found drivers on foot between trailers. They need to know who is on the yard.",
  "Peak before holidays broke them last year. Decision before autumn if it is simple enough.",
  "Interested, but IT wants to see the interface to the warehouse system first. Sent the description.",
  "Good talk. He owns the yard, finance owns the budget; both should see the demo.",
  "She compared three vendors already and wants to see trailer tracking, not slides.",
  "They lose trailers. Literally: two were found behind the old hall after a week.",
  "Night arrivals without staff at the gate are the question. Kiosk plus number plate would do.",
  "Carriers speak nine languages, the gate speaks one. Self check-in in the driver's language was the moment it clicked.",
  "Pilot at one gate first, then the other four sites. Group decides about the roll-out.",
  "Wants to replace radio calls to the yard shunters; has tried a messenger group and hated it.",
  "Cold chain: every minute at the dock counts. Asked about temperature in the slot plan.",
  "Demurrage for containers was the reason to download. Could save a whole position.",
  "Has the mandate to solve it this year. Asked for a reference in the same industry.",
  "Short call between two meetings. Need is there, time frame is the second half-year.",
] as const;

export const NEEDS = [
  "Shorter waiting at the gate",
  "Carriers book their own slots",
  "Check-in at night without staff",
  "Know where every trailer stands",
  "Proof of waiting time against invoices",
  "Fewer people on foot in the yard",
  "One plan for docks and warehouse",
  "Dwell time by carrier",
  "Check-in in the driver's language",
  "Even out the morning peak",
] as const;

export const BUDGETS = [
  "In this year's plan",
  "To be applied for after the pilot",
  "From the warehouse project",
  "Below the limit of the site manager",
  "Needs the board above 50,000",
  "Savings must pay it within 18 months",
] as const;
export const AUTHORITIES = [
  "Decides with finance",
  "Recommends, COO signs",
  "Decides alone up to one site",
  "Group IT has a veto",
  "Steering group meets monthly",
  "Owner decides on the spot",
] as const;
export const TIMELINES = [
  "Within 3 months",
  "Before the winter peak",
  "In 3 to 6 months",
  "When the new hall opens",
  "In 6 to 12 months",
  "Next budget year",
] as const;

export const BUSINESS_CASES = [
  "Each truck waits 47 minutes on average; 20 fewer save one gate position and most of the waiting invoices.",
  "Two planners book slots by e-mail. Self-booking frees one of them for the carriers that matter.",
  "Waiting charges of some 9,000 a month since the carriers began to invoice them.",
  "The gate closes at ten at night; with self check-in the dairy could receive until two without another shift.",
  "Trailers are looked for 40 minutes a day. Live positions end that and two shunter trips an hour.",
  "The queue on the public road costs a permit if it happens again. Booked slots spread the morning.",
  "New hall with {doors} doors: planning with slots saves building two of them.",
  "The audit demands to know who is on site. Check-in gives the list, and the evacuation roll-call with it.",
  "Containers stand three days too long; demurrage pays for the system within the year.",
  "Five sites, five ways to book. One plan for all gives the group its first comparable dwell time.",
  "Chilled goods wait at the dock because papers do not. Documents at check-in save 12 minutes a truck.",
  "Overtime on Mondays and Fridays only exists because everybody comes at seven.",
] as const;

export const PRODUCTS = ["Gate and Dock", "Dock", "Gate, Dock and Yard", "Gate", "Yard and Insight", "Dock and Insight", "The whole suite"] as const;
export const CHANNELS = ["Direct", "Direct", "Partner: warehouse integrator", "Partner: gate hardware"] as const;

export const RETURN_REASONS = [
  "Wrong person: works in purchasing for office supplies, knows nobody on the yard",
  "Company was bought in spring, the group has its own system",
  "Only wanted the guide for a thesis",
  "Competitor looking at our prices",
  "Too small: eight trucks a week",
  "No yard of their own, rents two doors",
  "Number and address do not exist any more",
  "Already a customer through another site",
  "Sells yard software himself",
  "Not before the next budget year, please keep warm",
] as const;

export const RECYCLE_REASONS = [
  "Interested, but the budget is frozen until the new year",
  "No answer after five attempts",
  "Warehouse system is being replaced first; look again in six months",
  "Project postponed with the building permit",
  "Contact left the company, successor not named yet",
  "Wants to see our container module before talking again",
  "Reorganisation: nobody may decide before summer",
  "Pilot with the present vendor runs until autumn",
] as const;

export const DISQUALIFY_REASONS = [
  "Student project, no company behind it",
  "Job applicant",
  "Vendor offering us services",
  "Insolvent since last month",
  "Delivery by parcel vans only, no trucks",
  "Outside the countries we serve",
  "Made-up name and number",
] as const;

export const LOST_REASONS = [
  "Chose the yard module of their warehouse system; price was not the point, one vendor was",
  "Price: competitor gave the first year free",
  "No decision: the sponsor left and nobody took it over",
  "Group standard from headquarters won at the last minute",
  "Interface to their own development was too much for their IT",
  "Budget cut after the half-year figures",
  "Built it themselves with a form and a spreadsheet; will call us next year",
  "Gate hardware could not be changed under the lease",
  "Works council refused number-plate reading",
  "Went silent after the proposal; three reminders",
  "Rail instead of road: the yard shrinks by half",
  "Competitor had a reference in the same street",
] as const;

export const OBJECTIONS = [
  "Our drivers will never use a kiosk. (Showed the film from the fish terminal: 94 % did on day one.)",
  "We tried slots, nobody kept them. (Spoke about grace times and carrier ratings.)",
  "The yard has no network. (Offline mode and two antennas; visit planned.)",
  "Our data must stay in the country. (Own installation is possible.)",
  "Too expensive for one gate. (Agreed to calculate waiting charges with her figures.)",
  "The warehouse system vendor promised the same. (Asked which date it will be live.)",
  "Works council will ask about number plates. (Sent the paper on what is kept and how long.)",
  "No time before the peak. (Pilot with one carrier instead of all.)",
] as const;

export const MEETING_NOTES = {
  walkYard: [
    "Walked from gate to dock with the shift supervisor. Three stops before a driver knows the door; we can make it one.",
    "Counted 31 trucks between eight and nine, nine of them without a slot. Photos are with the process map.",
    "Mapped a truck's day: 74 minutes, of which 22 at the dock. They had guessed 45.",
    "The second gate stands closed because nobody can staff it. That alone pays for the kiosk.",
    "Met the shunter drivers. They know every trailer by heart, and two of four retire this year.",
    "Visited two sites in one day; the smaller one is tidier and should be the pilot.",
  ],
  demo: [
    "Loaded their last week into the slot plan; the room went quiet when the Monday peak appeared.",
    "Demo with six people. IT asked most, operations decided most.",
    "Showed check-in in four languages on the gate keeper's own phone. He wants it tomorrow.",
    "Trailer positions were the highlight; reports matter less to them than we thought.",
    "Finance joined for the last ten minutes and asked for payback by site.",
    "Question about night arrivals answered with the barrier interface; a test is agreed.",
  ],
  proposal: [
    "Proposal sent: one gate now, options for the other sites at today's price.",
    "Sent the business case with their own waiting minutes; payback of 11 months.",
    "Offer over three years with go-live before the peak. Decision promised within two weeks.",
    "Two variants as asked: with and without number plates.",
  ],
  negotiate: [
    "They want the pilot credited against the first year. Agreed for a signature this month.",
    "Legal asks for their own terms; we met on liability and left the rest.",
    "Price stands, payment moves to quarters. Start date fixed.",
    "Procurement wanted twelve per cent, got four and a reference visit.",
  ],
  contract: [
    "Contract sent for signature.",
    "Both signatures are there. Kick-off is being planned.",
    "Signed by the COO; second signature expected by Friday.",
  ],
  kickoff: [
    "Kick-off on site: project leads named, gate hardware ordered, carriers informed by the customer.",
    "Kick-off held. Risk: masts for the network; the landlord has to agree.",
  ],
  goLive: ["First gate live at six in the morning; first driver through in 50 seconds.", "Live with three carriers, the others follow in two weeks."],
  review: [
    "Thirty days: 81 % of trucks with a slot, waiting down by a third. Next topic is trailers.",
    "Review: carriers keep 76 % of their slots; the gate asks for a second kiosk.",
  ],
} as const;

export const PROMISED = [
  "Pilot credited against the first year",
  "Go-live before the winter peak",
  "Interface to the warehouse system included",
  "Two training days on site",
  "Price fixed for the next three sites",
] as const;
export const RISKS = [
  "Network on the yard",
  "Only one project lead",
  "Carriers outside the EU without data plans",
  "Old barrier without an interface",
  "None seen",
] as const;

/** What a visitor asks in the form. */
export const REQUESTS = [
  "How do other yards deal with drivers without a slot?",
  "We would like to see the product with our own data.",
  "Please call me, mornings are best.",
  "What does it cost for one gate and {doors} doors?",
  "Can carriers from abroad check in without an app?",
  "We open a new site next year and look for a yard system.",
  "Is there an interface to {system}?",
  "Do you have a reference in our industry?",
] as const;

export type Blanks = Readonly<Record<"name" | "company" | "trucks" | "doors" | "city" | "system", string>>;

export function fill(text: string, blanks: Blanks): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, key: string) => blanks[key as keyof Blanks] ?? "");
}
