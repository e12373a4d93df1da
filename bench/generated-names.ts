/** People and companies of a generated CRM, some names common and most rare, as in a directory. */

export interface GeneratedPerson {
  name: string;
  email: string;
}

const starts =
  'Acker Alt Ander Bach Baum Berg Birn Blum Brand Brei Buch Burg Dahl Dorn Eber Eich Eis Engel Erl Fall Feld Fisch Forst Frank Frei Fried Fuchs Gold Grab Gras Groß Grün Haber Hack Hage Hart Hein Held Herr Hirsch Hof Holz Horn Huber Jung Kalt Kamm Kauf Kirch Klee Klein Koch König Krause Kreuz Kühn Lang Lauter Linden Löwen Mar Meier Mertz Mittel Mohr Müller Neu Nieder Nord Ober Oster Peter Pfeiffer Quell Rau Reh Rein Richter Ritter Rosen Roth Sand Schäfer Schmid Schön Schwarz Schul See Sieben Silber Sommer Spiel Stein Stern Stock Sturm Süd Tann Thal Thor Uhl Vogel Wald Wagner Weber Weid Wein Weiß Wester Wiesen Wild Winter Wolf Zieg Zimmer'.split(
    ' ',
  );
const ends =
  ' acker ast aue bach bauer baum beck berg berger born brand brecht brink bruch brück burg dorf eck eder egger eisen er feld felder fels forst gard garten gast graf gruber hagen hain hammer hardt haus hausen heim heimer hold hof hofer holz horst huber hut inger kamp kemper ke kopf lage land lein ler ling loh macher mann meier meister mühl müller nagel ner ow pfeil rath reich reiter rich ried roth sack schmidt schulte see sen ski son stadt stätter stein steiner stock stra tal thal vogt wald weg wein weiler wirth witz zahn'.split(
    ' ',
  );
const firsts =
  'Anna Maria Sophie Marie Lena Laura Julia Lea Emma Mia Hannah Sarah Lisa Katharina Eva Nina Jana Claudia Petra Sabine Andrea Monika Ursula Renate Birgit Heike Susanne Martina Gabriele Karin Michael Thomas Andreas Peter Stefan Christian Martin Markus Daniel Alexander Jan Tobias Lukas Leon Paul Jonas Felix Maximilian Moritz Jörg Jürgen Günter Uwe Klaus Hans Werner Wolfgang Matthias Frank Ralf Dirk Sven Olaf Ingo Kai Nils Björn Søren José François Zoë Chloé Łukasz Agnieszka Ondřej Zuzana István Ágnes Giovanni Chiara Mehmet Ayşe Dimitri Olga Ivan Svetlana Yusuf Fatma Ahmed Leila'.split(
    ' ',
  );
const trades =
  'Werke Maschinenbau Logistik Software Elektro Handel Bau Technik Pharma Systeme Medien Energie Optik Textil Stahl Papier'.split(
    ' ',
  );
const forms = ['GmbH', 'AG', 'GmbH & Co. KG', 'KG', 'SE', 'Ltd', 'Inc.'];

/** A number below 1 that belongs to `index` and `about`. */
function share(index: number, about: number): number {
  let hash = Math.imul(index ^ (about * 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

const at = <T>(list: readonly T[], part: number): T => list[Math.floor(part * list.length)]!;

/** The smaller numbers are the more frequent: the first name of the list has some 1 % of all people. */
function lastName(part: number): string {
  const rank = Math.floor(part ** 3 * starts.length * ends.length * 4);
  const start = starts[rank % starts.length]!;
  const end = ends[Math.floor(rank / starts.length) % ends.length]!;
  const second = Math.floor(rank / (starts.length * ends.length));
  // The rarest are double names.
  return second === 0 ? start + end : `${start}${end}-${starts[(rank * second) % starts.length]!}`;
}

export function companyName(index: number): string {
  const name = lastName(share(index, 11));
  return `${name} ${at(trades, share(index, 12))} ${at(forms, share(index, 13))}`;
}

export function person(index: number, company: number): GeneratedPerson {
  const first = at(firsts, share(index, 1) ** 1.7);
  const last = lastName(share(index, 2));
  const number = share(index, 3) < 0.2 ? String(1 + Math.floor(share(index, 4) * 99)) : '';
  const [house = ''] = companyName(company).split(' ');
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z-]/g, '');
  return {
    name: `${first} ${last}`,
    email: `${plain(first)}.${plain(last)}${number}@${plain(house)}${company % 100}.example`,
  };
}
