"""Lists of family names, given names and cities by nationality, from which invented people are put together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """One nationality; `share` is how often it comes up against the others."""

    alpha3: str
    share: int
    families: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    cities: tuple[str, ...]


def _origin(alpha3: str, share: int, families: str, women: str, men: str, cities: str) -> Origin:
    return Origin(alpha3, share, *(tuple(part.split(", ")) for part in (families, women, men, cities)))


ORIGINS = (
    _origin("NGA", 16, "Adeyemi, Okafor, Balogun, Eze, Ibrahim, Nwosu, Ogunleye, Danjuma, Etim, Okonkwo, Bello, Uzoma",
            "Amina, Ngozi, Folake, Chiamaka, Hauwa, Ifeoma, Yetunde", "Chidi, Emeka, Tunde, Musa, Obinna, Segun, Uche",
            "Lagos, Abuja, Kano, Ibadan"),
    _origin("IND", 11, "Sharma, Patel, Reddy, Nair, Iyer, Gupta, Chauhan, Pillai, Bose, Deshmukh, Kulkarni, Bhatt",
            "Priya, Anjali, Kavita, Meena, Sunita, Lakshmi, Deepa", "Rahul, Arjun, Vikram, Suresh, Anil, Manoj, Kiran",
            "Mumbai, Delhi, Chennai, Ahmedabad"),
    _origin("PAK", 8, "Khan, Qureshi, Malik, Butt, Chaudhry, Siddiqui, Awan, Mirza, Shaikh, Bhatti",
            "Ayesha, Fatima, Sana, Zainab, Nadia, Rubina", "Bilal, Imran, Usman, Tariq, Hamza, Faisal",
            "Lahore, Karachi, Rawalpindi, Mirpur"),
    _origin("BGD", 6, "Chowdhury, Rahman, Akter, Miah, Begum, Sarkar, Hossain, Talukdar",
            "Nasrin, Shirin, Farida, Rokeya, Salma", "Kamal, Rafiq, Jamal, Shahid, Habib", "Dhaka, Sylhet, Chattogram"),
    _origin("GHA", 6, "Mensah, Owusu, Boateng, Asante, Appiah, Osei, Agyeman, Darko",
            "Akosua, Abena, Efua, Adwoa, Esi", "Kwame, Kofi, Yaw, Kwabena, Ekow", "Accra, Kumasi, Tamale"),
    _origin("USA", 5, "Hargrove, Whitfield, Delacroix, Pruitt, Sandoval, Kowalczyk, Lindqvist, Brubaker",
            "Madison, Caroline, Denise, Tiffany, Joanna", "Tyler, Bradley, Curtis, Marcus, Dwayne",
            "Boston, Houston, Chicago, Atlanta"),
    _origin("CHN", 5, "Wang, Li, Zhang, Chen, Liu, Zhao, Huang, Zhou", "Xiuying, Meiling, Yan, Jing, Lihua",
            "Wei, Jian, Ming, Qiang, Bo", "Shanghai, Chengdu, Guangzhou, Wuhan"),
    _origin("PHL", 4, "Dela Cruz, Santos, Reyes, Bautista, Villanueva, Mercado, Aquino",
            "Maricel, Jocelyn, Rosario, Liza, Angelica", "Jomar, Rodel, Arnel, Efren, Danilo", "Manila, Cebu, Davao"),
    _origin("JAM", 4, "Campbell-Rowe, Grantley, Brissett, Facey, Whyte-Lewin, Gayle", "Shanice, Keisha, Marcia, Tamika",
            "Delroy, Winston, Omar, Leroy", "Kingston, Montego Bay"),
    _origin("TUR", 3, "Yılmaz, Demir, Şahin, Çelik, Arslan, Öztürk", "Ayşe, Elif, Zeynep, Hatice",
            "Mehmet, Mustafa, Emre, Burak", "Istanbul, Ankara, Izmir"),
    _origin("BRA", 3, "da Silva, Oliveira, Souza, Pereira Lima, Araújo, Conceição", "Juliana, Fernanda, Beatriz, Larissa",
            "Thiago, Rafael, João, Gustavo", "São Paulo, Recife, Goiânia"),
    _origin("EGY", 3, "Abdel Rahman, El-Sayed, Mansour, Farouk, Naguib", "Mona, Heba, Dalia, Yasmin",
            "Ahmed, Karim, Tamer, Hossam", "Cairo, Alexandria, Giza"),
    _origin("ZWE", 3, "Moyo, Ncube, Chikwanha, Mutasa, Dube", "Tendai, Rudo, Nyasha, Chipo",
            "Tapiwa, Farai, Tatenda, Simba", "Harare, Bulawayo"),
    _origin("LKA", 3, "Perera, Fernando, Wickramasinghe, Sivakumar, Jayasuriya", "Nimali, Dilani, Kumari, Shanthi",
            "Nuwan, Chaminda, Ruwan, Selvan", "Colombo, Kandy, Jaffna"),
    _origin("KEN", 2, "Wanjiru, Otieno, Kiplagat, Mwangi, Achieng", "Wambui, Akinyi, Chebet, Njeri",
            "Kamau, Odhiambo, Kiprono, Mutua", "Nairobi, Mombasa, Kisumu"),
    _origin("IRN", 2, "Hosseini, Karimi, Rahimi, Moradi, Tehrani", "Maryam, Leila, Shirin, Nasim",
            "Reza, Dariush, Kaveh, Babak", "Tehran, Shiraz, Tabriz"),
    _origin("RUS", 2, "Ivanova, Sokolov, Morozov, Volkova, Lebedev", "Olga, Svetlana, Irina, Tatiana",
            "Sergei, Dmitri, Andrei, Pavel", "Moscow, Kazan, Samara"),
    _origin("UKR", 2, "Kovalenko, Shevchuk, Bondarenko, Tkachenko", "Oksana, Halyna, Iryna, Nadiya",
            "Taras, Bohdan, Ostap, Mykola", "Kyiv, Lviv, Odesa"),
    _origin("ALB", 2, "Hoxha, Gjoka, Krasniqi, Leka, Prifti", "Arta, Blerta, Mirela, Elira",
            "Agron, Besnik, Ilir, Dritan", "Tirana, Durrës, Shkodër"),
    _origin("VNM", 2, "Nguyễn, Trần, Phạm, Đặng, Bùi", "Lan, Hương, Thảo, Mai", "Minh, Hùng, Quân, Sơn",
            "Hanoi, Hai Phong, Vinh"),
    _origin("MEX", 1, "Hernández, Ramírez Peña, Gutiérrez, Ibáñez", "Guadalupe, Ximena, Rocío", "José, Alejandro, Raúl",
            "Puebla, Guadalajara"),
    _origin("AUS", 2, "Gallagher-Pike, Thornbury, Macalister, Winslow", "Kylie, Bronwyn, Tamsin", "Lachlan, Callum, Jarrod",
            "Perth, Adelaide"),
    _origin("ZAF", 2, "Nkosi, Dlamini, van der Merwe, Botha, Khumalo", "Thandi, Lerato, Annelize, Zanele",
            "Sipho, Pieter, Themba, Johan", "Durban, Pretoria"),
    _origin("SAU", 1, "Al-Harbi, Al-Qahtani, Al-Otaibi", "Noura, Reem, Hessa", "Abdullah, Faisal, Sultan",
            "Riyadh, Jeddah"),
    _origin("IDN", 1, "-", "Sukarti, Wulandari, Kartini", "Suharno, Budiman, Wibowo", "Jakarta, Surabaya"),
    _origin("SOM", 1, "Warsame, Abdi Farah, Jama, Hirsi", "Hodan, Ayaan, Sahra", "Abdirahman, Liban, Mahad",
            "Mogadishu, Hargeisa"),
)  # fmt: skip

STREETS = ("Demo Street", "Demo Road", "Specimen Lane", "Specimen Avenue", "Placeholder Terrace", "Sample Close")
TOWNS = (
    "London",
    "Birmingham",
    "Leeds",
    "Manchester",
    "Bristol",
    "Leicester",
    "Cardiff",
    "Luton",
    "Newcastle",
    "Slough",
)
