/** The texts that come with the house. A workspace may put its own in their place. */

export type DefaultTemplate = { readonly id: string; readonly name: string; readonly use: "lead" | "system"; readonly subject: string; readonly body: string };

export const DEFAULT_TEMPLATES: readonly DefaultTemplate[] = [
  {
    id: "welcome",
    name: "Welcome letter",
    use: "lead",
    subject: "Welcome{% if lead.firstName %}, {{ lead.firstName }}{% endif %}",
    body: `Hello {{ lead.firstName | default: "there" }},

thank you for your interest in {{ workspace.name }}. I am {{ sender.name }}, and I am here for whatever you would like to know.

{% if lead.company %}To see how we can help {{ lead.company }}, I would like to hear what you are working on.{% else %}I would like to hear what you are working on.{% endif %} Would a short call this week suit you? Just answer this mail.

Kind regards`,
  },
  {
    id: "invitation",
    name: "Invitation",
    use: "system",
    subject: "Your invitation to {{ workspace.name }}",
    body: `Hello {{ person.name | default: "there" }},

{{ sender.name | default: "A colleague" }} has invited you to **{{ workspace.name }}**.

[Accept the invitation]({{ link }})

The link works once, until {{ expires }}. If you did not expect it, do nothing.`,
  },
  {
    id: "passwordReset",
    name: "Password reset",
    use: "system",
    subject: "A new password for {{ workspace.name }}",
    body: `Hello {{ person.name | default: "there" }},

somebody, probably you, has asked for a new password.

[Choose a new password]({{ link }})

The link works once, until {{ expires }}. If it was not you, do nothing: your password stays as it is.`,
  },
  {
    id: "digest",
    name: "Daily digest",
    use: "system",
    subject: "Your day at {{ workspace.name }}: {{ count }} {% if count == 1 %}thing{% else %}things{% endif %} to know",
    body: `Good morning{% if person.name %}, {{ person.name }}{% endif %},

{% for item in items %}- {{ item.title }}{% if item.detail %}: {{ item.detail }}{% endif %}
{% endfor %}
{% if more > 0 %}And {{ more }} more.

{% endif %}{% if due > 0 %}**{{ due }}** of your next steps {% if due == 1 %}is{% else %}are{% endif %} due.

{% endif %}[Open {{ workspace.name }}]({{ link }})`,
  },
];
